package dev.atelier.skytells.sandbox.input;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Decodes images that the JDK supports: PNG, JPEG, GIF, BMP and TIFF. */
final class InputImage {
  private static final long MAX_PIXELS = 64_000_000;

  /** Bounds the memory of a prediction. */
  private static final int MAX_EDGE = 1280;

  private InputImage() {}

  static BufferedImage decode(byte[] bytes) throws UnusableImageException {
    try (var stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
      if (!readers.hasNext()) {
        throw new UnusableImageException("is not an image of a supported type");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(stream, true, true);
        if ((long) reader.getWidth(0) * reader.getHeight(0) > MAX_PIXELS) {
          throw new UnusableImageException("has too many pixels");
        }
        return opaque(reader.read(0));
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException e) {
      // Readers throw both for damaged files.
      throw new UnusableImageException("is a damaged image");
    }
  }

  /** Without transparency, and not larger than needed. */
  private static BufferedImage opaque(BufferedImage image) {
    int edge = Math.max(image.getWidth(), image.getHeight());
    double scale = Math.min(1, (double) MAX_EDGE / edge);
    int width = Math.max(1, (int) Math.round(image.getWidth() * scale));
    int height = Math.max(1, (int) Math.round(image.getHeight() * scale));
    var opaque = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = opaque.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(image, 0, 0, width, height, Color.WHITE, null);
    graphics.dispose();
    return opaque;
  }
}
