package dev.atelier.skytells.sandbox.picture;

/** Noise that depends only on seed and position. */
record Noise(long seed) {

  Noise fork(long salt) {
    return new Noise(mix(seed + salt * 0x9E37_79B9_7F4A_7C15L));
  }

  float at(int x, int y) {
    return (mix(seed ^ (x * 0x9E37_79B1L + ((long) y << 32))) >>> 40) * 0x1p-24f;
  }

  float between(int salt, float min, float max) {
    return min + (max - min) * at(salt, 0x5EED);
  }

  /** Features are one unit wide. */
  float smooth(float x, float y) {
    int left = (int) Math.floor(x);
    int top = (int) Math.floor(y);
    float u = ease(x - left);
    float v = ease(y - top);
    float upper = lerp(at(left, top), at(left + 1, top), u);
    float lower = lerp(at(left, top + 1), at(left + 1, top + 1), u);
    return lerp(upper, lower, v);
  }

  /** Each octave has half the width and {@code gain} times the weight. */
  float fractal(float x, float y, int octaves, float gain) {
    float sum = 0;
    float weight = 1;
    float total = 0;
    for (int octave = 0; octave < octaves; octave++) {
      sum += weight * smooth(x + octave * 17.3f, y - octave * 9.1f);
      total += weight;
      weight *= gain;
      float turned = 1.6f * x + 1.2f * y;
      y = 1.6f * y - 1.2f * x;
      x = turned;
    }
    return sum / total;
  }

  /** Sharp crests, in [0, 1]. */
  float ridged(float x, float y, int octaves) {
    float sum = 0;
    float weight = 1;
    float total = 0;
    for (int octave = 0; octave < octaves; octave++) {
      sum += weight * (1 - Math.abs(2 * smooth(x, y + octave * 31f) - 1));
      total += weight;
      weight *= 0.48f;
      x = x * 2.03f + 7.7f;
      y = y * 2.03f;
    }
    return sum / total;
  }

  static float lerp(float from, float to, float t) {
    return from + (to - from) * t;
  }

  /** {@code from} may be larger than {@code to}. */
  static float step(float from, float to, float x) {
    float t = Math.clamp((x - from) / (to - from), 0f, 1f);
    return t * t * (3 - 2 * t);
  }

  private static float ease(float t) {
    return t * t * t * (t * (t * 6 - 15) + 10);
  }

  /** SplitMix64 (Steele, Lea and Flood 2014). */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return z ^ (z >>> 31);
  }
}
