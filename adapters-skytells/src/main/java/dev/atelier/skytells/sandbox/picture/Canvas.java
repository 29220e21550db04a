package dev.atelier.skytells.sandbox.picture;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;

/** A pixel buffer. Lengths in a scene are fractions of {@code unit}. */
final class Canvas {
  final int width;
  final int height;

  /** Geometric mean of width and height in pixels, at most 1.2 times the height. */
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

  /** Paints one pixel with dithering, which hides the steps of a gradient. */
  void set(int x, int y, Colour colour) {
    float dither = grain.at(x & 127, y & 127);
    pixels[y * width + x] =
        level(colour.red(), dither) << 16
            | level(colour.green(), dither) << 8
            | level(colour.blue(), dither);
  }

  /** Blends a color into one pixel; ignores pixels outside the canvas. */
  void blend(int x, int y, Colour colour, float cover) {
    if (x >= 0 && x < width && y >= 0 && y < height && cover > 0) {
      set(x, y, get(x, y).mix(colour, Math.min(1, cover)));
    }
  }

  /** Adds light to one pixel; ignores pixels outside the canvas. */
  void light(int x, int y, Colour light, float amount) {
    if (x >= 0 && x < width && y >= 0 && y < height && amount > 0.002f) {
      set(x, y, get(x, y).lit(light, amount));
    }
  }

  /** Draws a horizontal line with soft ends; coordinates in pixels. */
  void span(float from, float to, int y, Colour colour) {
    for (int x = (int) Math.floor(from); x <= to; x++) {
      blend(x, y, colour, Math.min(Math.min(x + 1 - from, to - x), 1));
    }
  }

  /** Fills a rectangle; coordinates in pixels. */
  void rectangle(float left, float top, float right, float bottom, Colour colour) {
    for (int y = Math.round(top); y < bottom; y++) {
      span(left, right, y, colour);
    }
  }

  /** Draws a round light; coordinates in pixels. */
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
