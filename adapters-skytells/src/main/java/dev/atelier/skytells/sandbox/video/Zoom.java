package dev.atelier.skytells.sandbox.video;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jcodec.api.SequenceEncoder;
import org.jcodec.common.Codec;
import org.jcodec.common.Format;
import org.jcodec.common.model.ColorSpace;
import org.jcodec.common.model.Picture;
import org.jcodec.common.model.Rational;

/**
 * A video that slowly approaches the center of a picture. The same input gives the same bytes.
 *
 * @param seconds at least 1
 */
public record Zoom(BufferedImage source, int seconds) {
  private static final int MAX_EDGE = 512;

  /** H.264 encodes blocks of this size. */
  private static final int BLOCK = 16;

  private static final int FRAMES_PER_SECOND = 12;
  private static final double LAST_SCALE = 1.3;

  public Zoom {
    if (seconds < 1) {
      throw new IllegalArgumentException("seconds must be at least 1");
    }
  }

  /** An MPEG-4 file with H.264, at most 512 pixels wide and high. Takes about 0.4 s per second. */
  public byte[] mp4() {
    var frame = new BufferedImage(width(), height(), BufferedImage.TYPE_INT_RGB);
    int frames = seconds * FRAMES_PER_SECOND;
    var file = new MemoryChannel();
    try {
      var encoder =
          new SequenceEncoder(file, Rational.R(FRAMES_PER_SECOND, 1), Format.MOV, Codec.H264, null);
      for (int n = 0; n < frames; n++) {
        draw(frame, 1 + (LAST_SCALE - 1) * n / frames);
        encoder.encodeNativeFrame(pictureOf(frame));
      }
      encoder.finish();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return file.content();
  }

  private void draw(BufferedImage frame, double scale) {
    var place = new AffineTransform();
    place.translate(frame.getWidth() / 2.0, frame.getHeight() / 2.0);
    place.scale(
        scale * frame.getWidth() / source.getWidth(),
        scale * frame.getHeight() / source.getHeight());
    place.translate(-source.getWidth() / 2.0, -source.getHeight() / 2.0);
    Graphics2D graphics = frame.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(source, place, null);
    graphics.dispose();
  }

  /** The encoder's format: signed bytes, red first. */
  private static Picture pictureOf(BufferedImage frame) {
    int[] pixels = ((DataBufferInt) frame.getRaster().getDataBuffer()).getData();
    Picture picture = Picture.create(frame.getWidth(), frame.getHeight(), ColorSpace.RGB);
    byte[] data = picture.getPlaneData(0);
    for (int i = 0; i < pixels.length; i++) {
      data[3 * i] = level(pixels[i] >> 16);
      data[3 * i + 1] = level(pixels[i] >> 8);
      data[3 * i + 2] = level(pixels[i]);
    }
    return picture;
  }

  /** From 16 to 235: the encoder does not convert to this range, which players expect. */
  private static byte level(int value) {
    return (byte) (16 + (value & 255) * 219 / 255 - 128);
  }

  private int width() {
    return edge(source.getWidth());
  }

  private int height() {
    return edge(source.getHeight());
  }

  private int edge(int pixels) {
    double scale = Math.min(1, (double) MAX_EDGE / Math.max(source.getWidth(), source.getHeight()));
    return Math.max(BLOCK, (int) Math.round(pixels * scale / BLOCK) * BLOCK);
  }
}
