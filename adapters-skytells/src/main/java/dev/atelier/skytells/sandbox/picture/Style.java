package dev.atelier.skytells.sandbox.picture;

import java.awt.Color;
import java.util.Arrays;

/** A way to change the look of a picture without hiding what it shows. */
enum Style {
  /** The palette's colours, by brightness. */
  DUOTONE {
    @Override
    void apply(int[] pixels, int width, int height, Palette palette) {
      Colour[] gradient = {palette.ground, palette.middle, palette.horizon, palette.light};
      Arrays.setAll(pixels, i -> rgb(gradient(gradient, brightness(pixels[i]))));
    }
  },

  /** Few, strong colours. */
  POSTER {
    private static final int LEVELS = 3;

    @Override
    void apply(int[] pixels, int width, int height, Palette palette) {
      Arrays.setAll(
          pixels,
          i -> {
            Colour colour = Colour.of(pixels[i]);
            var flat = new Colour(level(colour.red()), level(colour.green()), level(colour.blue()));
            return rgb(flat.mix(palette.middle, 0.25f));
          });
    }

    private static float level(float value) {
      return (float) Math.floor(Math.min(value, 0.999f) * LEVELS) / (LEVELS - 1);
    }
  },

  /** Dark lines on tinted paper. */
  SKETCH {
    private static final float CONTRAST = 2.2f;

    @Override
    void apply(int[] pixels, int width, int height, Palette palette) {
      int[] source = pixels.clone();
      Colour paper = palette.horizon.mix(Colour.of(0xFFFFFF), 0.6f);
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          float line = Math.min(1, CONTRAST * edge(source, width, height, x, y));
          Colour wash = paper.mix(Colour.of(source[y * width + x]), 0.3f);
          pixels[y * width + x] = rgb(wash.mix(palette.ground, line));
        }
      }
    }

    // The sum of the differences to the next pixels.
    private static float edge(int[] pixels, int width, int height, int x, int y) {
      int right = y * width + Math.min(x + 1, width - 1);
      int below = Math.min(y + 1, height - 1) * width + x;
      float here = brightness(pixels[y * width + x]);
      return Math.abs(brightness(pixels[right]) - here)
          + Math.abs(brightness(pixels[below]) - here);
    }
  },

  /** Other hues. */
  SHIFT {
    private static final float TURN = 0.42f;

    @Override
    void apply(int[] pixels, int width, int height, Palette palette) {
      Arrays.setAll(
          pixels,
          i -> {
            int rgb = pixels[i];
            float[] hsb = Color.RGBtoHSB(rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255, null);
            int turned = Color.HSBtoRGB(hsb[0] + TURN, Math.min(1, hsb[1] * 1.3f), hsb[2]);
            return rgb(Colour.of(turned).mix(palette.light, 0.15f));
          });
    }
  };

  /** Changes the pixels in place. */
  abstract void apply(int[] pixels, int width, int height, Palette palette);

  private static Colour gradient(Colour[] stops, float position) {
    float scaled = position * (stops.length - 1);
    int left = Math.min((int) scaled, stops.length - 2);
    return stops[left].mix(stops[left + 1], scaled - left);
  }

  private static float brightness(int rgb) {
    Colour colour = Colour.of(rgb);
    return 0.299f * colour.red() + 0.587f * colour.green() + 0.114f * colour.blue();
  }

  private static int rgb(Colour colour) {
    return channel(colour.red()) << 16 | channel(colour.green()) << 8 | channel(colour.blue());
  }

  private static int channel(float value) {
    return Math.clamp(Math.round(value * 255), 0, 255);
  }
}
