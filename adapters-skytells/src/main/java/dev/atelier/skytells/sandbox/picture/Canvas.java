package dev.atelier.skytells.sandbox.picture;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;

/** A pixel buffer. Coordinates are pixels. */
final class Canvas {
  final int width;
  final int height;

  /** Mean of width and height, at most 1.2 heights. */
  final float unit;

  private final BufferedImage image;
  private final int[] pixels;
  private final Noise grain;

  Canvas(int width, int height, Noise grain) {
    this.width = width;
    this.height = height;
    this.unit = (float) Math.min(Math.sqrt((double) width * height), 1.2 * height);
    this.image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    this.pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    this.grain = grain;
  }

  BufferedImage image() {
    return image;
  }

  Colour get(int x, int y) {
    return Colour.of(pixels[y * width + x]);
  }

  /** Dithers, which hides the steps of gradients. */
  void set(int x, int y, Colour colour) {
    float dither = grain.at(x & 127, y & 127);
    pixels[y * width + x] =
        level(colour.red(), dither) << 16
            | level(colour.green(), dither) << 8
            | level(colour.blue(), dither);
  }

  void blend(int x, int y, Colour colour, float cover) {
    if (x >= 0 && x < width && y >= 0 && y < height && cover > 0) {
      set(x, y, get(x, y).mix(colour, Math.min(1, cover)));
    }
  }

  void light(int x, int y, Colour light, float amount) {
    if (x >= 0 && x < width && y >= 0 && y < height && amount > 0.002f) {
      set(x, y, get(x, y).lit(light, amount));
    }
  }

  void span(float from, float to, int y, Colour colour) {
    for (int x = (int) Math.floor(from); x <= to; x++) {
      blend(x, y, colour, Math.min(Math.min(x + 1 - from, to - x), 1));
    }
  }

  void rectangle(float left, float top, float right, float bottom, Colour colour) {
    for (int y = Math.round(top); y < bottom; y++) {
      span(left, right, y, colour);
    }
  }

  void glow(float centreX, float centreY, float radius, Colour light, float strength) {
    for (int y = (int) (centreY - radius); y <= centreY + radius; y++) {
      for (int x = (int) (centreX - radius); x <= centreX + radius; x++) {
        float distance = (float) Math.hypot(x - centreX, y - centreY) / radius;
        float fall = Math.max(0, 1 - distance);
        light(x, y, light, strength * fall * fall * fall);
      }
    }
  }

  private static int level(float value, float dither) {
    return Math.clamp((int) (value * 255 + dither), 0, 255);
  }
}
