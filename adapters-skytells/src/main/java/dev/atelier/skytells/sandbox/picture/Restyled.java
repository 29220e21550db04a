package dev.atelier.skytells.sandbox.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.List;

/**
 * A picture made of other pictures: the first one in the style that the prompt selects, the others
 * small in its corner. The same input gives the same bytes.
 *
 * @param sources at least one
 * @param variant tells apart the outputs of a prediction
 */
public record Restyled(
    String prompt, int variant, List<BufferedImage> sources, int width, int height) {
  private static final double INSET = 0.22;

  public Restyled {
    sources = List.copyOf(sources);
    if (sources.isEmpty()) {
      throw new IllegalArgumentException("sources must not be empty");
    }
  }

  public byte[] png() {
    var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    cover(graphics, sources.getFirst());
    int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    style().apply(pixels, width, height, new Scene(prompt, variant).palette());
    drawInsets(graphics);
    graphics.dispose();
    return Png.encode(image);
  }

  private Style style() {
    Style[] styles = Style.values();
    return styles[Math.floorMod(prompt.hashCode() + variant, styles.length)];
  }

  /** Fills the canvas; crops what does not fit. */
  private void cover(Graphics2D graphics, BufferedImage source) {
    double scale =
        Math.max((double) width / source.getWidth(), (double) height / source.getHeight());
    int drawnWidth = (int) Math.ceil(source.getWidth() * scale);
    int drawnHeight = (int) Math.ceil(source.getHeight() * scale);
    int left = (width - drawnWidth) / 2;
    int top = (height - drawnHeight) / 2;
    graphics.drawImage(source, left, top, drawnWidth, drawnHeight, null);
  }

  private void drawInsets(Graphics2D graphics) {
    int size = (int) (Math.min(width, height) * INSET);
    int gap = Math.max(1, size / 10);
    int left = gap;
    graphics.setColor(Color.WHITE);
    graphics.setStroke(new BasicStroke(Math.max(1, size / 40)));
    for (BufferedImage source : sources.subList(1, sources.size())) {
      graphics.drawImage(source, left, height - size - gap, size, size, null);
      graphics.drawRect(left, height - size - gap, size, size);
      left += size + gap;
    }
  }
}
