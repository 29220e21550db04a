package dev.atelier.skytells.sandbox.picture;

/** Red, green and blue, 0 to 1; values above 1 are light that is clipped when painted. */
record Colour(float red, float green, float blue) {

  static Colour of(int rgb) {
    return new Colour((rgb >> 16 & 255) / 255f, (rgb >> 8 & 255) / 255f, (rgb & 255) / 255f);
  }

  /** Interpolates: this colour at 0, the other at 1. */
  Colour mix(Colour other, float t) {
    return new Colour(
        Noise.lerp(red, other.red, t),
        Noise.lerp(green, other.green, t),
        Noise.lerp(blue, other.blue, t));
  }

  Colour times(float factor) {
    return new Colour(red * factor, green * factor, blue * factor);
  }

  /** Adds light; the result approaches white and never exceeds it. */
  Colour lit(Colour light, float amount) {
    return new Colour(
        1 - (1 - red) * (1 - Math.min(1, light.red * amount)),
        1 - (1 - green) * (1 - Math.min(1, light.green * amount)),
        1 - (1 - blue) * (1 - Math.min(1, light.blue * amount)));
  }
}
