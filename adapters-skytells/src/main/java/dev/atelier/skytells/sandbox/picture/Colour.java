package dev.atelier.skytells.sandbox.picture;

/** Red, green and blue, 0 to 1; larger values are clipped. */
record Colour(float red, float green, float blue) {

  static Colour of(int rgb) {
    return new Colour((rgb >> 16 & 255) / 255f, (rgb >> 8 & 255) / 255f, (rgb & 255) / 255f);
  }

  Colour mix(Colour other, float t) {
    return new Colour(
        Noise.lerp(red, other.red, t),
        Noise.lerp(green, other.green, t),
        Noise.lerp(blue, other.blue, t));
  }

  Colour times(float factor) {
    return new Colour(red * factor, green * factor, blue * factor);
  }

  /** Approaches white. */
  Colour lit(Colour light, float amount) {
    return new Colour(
        1 - (1 - red) * (1 - Math.min(1, light.red * amount)),
        1 - (1 - green) * (1 - Math.min(1, light.green * amount)),
        1 - (1 - blue) * (1 - Math.min(1, light.blue * amount)));
  }
}
