package dev.atelier.skytells.sandbox.picture;

/** Draws the sky. */
final class Sky {
  /** Fraction of the canvas unit. */
  private static final float STAR_CELL = 0.012f;

  private final Canvas canvas;
  private final Palette palette;
  private final Noise noise;
  private final int horizon;
  private final float sunX;
  private final float sunY;
  private final float sunRadius;
  private final float cloudiness;

  Sky(Canvas canvas, Palette palette, Noise noise, int horizon) {
    this.canvas = canvas;
    this.palette = palette;
    this.noise = noise;
    this.horizon = horizon;
    boolean low = !palette.isDark() && palette != Palette.DAY && palette != Palette.STORM;
    this.sunX = canvas.width * noise.between(1, 0.2f, 0.8f);
    this.sunY = horizon * (low ? noise.between(2, 0.58f, 0.86f) : noise.between(2, 0.2f, 0.45f));
    float size = palette == Palette.NEON ? 0.15f : palette == Palette.DAY ? 0.03f : 0.045f;
    this.sunRadius = canvas.unit * size * noise.between(3, 0.85f, 1.25f);
    this.cloudiness = Math.clamp(palette.clouds * noise.between(4, 0.6f, 1.5f), 0f, 1f);
  }

  float sunX() {
    return sunX;
  }

  void paint() {
    for (int y = 0; y < horizon; y++) {
      for (int x = 0; x < canvas.width; x++) {
        canvas.set(x, y, at(x, y));
      }
    }
  }

  private Colour at(int x, int y) {
    float height = 1 - y / (float) horizon;
    float away = (float) Math.hypot(x - sunX, y - sunY) / canvas.unit;
    Colour sky = gradient(height);
    sky = sky.lit(stars(x, y), palette.stars * Noise.step(0.05f, 0.6f, height));
    if (palette == Palette.AURORA) {
      sky = sky.lit(palette.light, northernLights(x / canvas.unit, height));
    }
    float halo = palette.isDark() ? 0.35f : 0.62f;
    sky = sky.lit(palette.light, halo * (float) Math.exp(-away * (palette.isDark() ? 9 : 4.2f)));
    sky = sky.mix(disc(x, y), discCover(x, y));
    return clouds(sky, x, height, away);
  }

  private Colour gradient(float height) {
    return palette
        .horizon
        .mix(palette.middle, Noise.step(-0.1f, 0.45f, height))
        .mix(palette.zenith, Noise.step(0.3f, 1.05f, height));
  }

  private float discCover(int x, int y) {
    if (palette == Palette.STORM) {
      return 0;
    }
    float distance = (float) Math.hypot(x - sunX, y - sunY);
    float cover = Math.clamp(sunRadius - distance + 0.5f, 0f, 1f);
    if (palette == Palette.NEON) {
      float down = (y - sunY) / sunRadius;
      boolean slit = down > 0 && (down * 7) % 1 < 0.12f + 0.5f * down;
      return slit ? 0 : cover;
    }
    return cover;
  }

  private Colour disc(int x, int y) {
    if (palette == Palette.NEON) {
      float down = (y - sunY) / sunRadius * 0.5f + 0.5f;
      return palette.light.mix(palette.horizon, Math.clamp(down, 0f, 1f));
    }
    if (palette.isDark()) {
      float scale = 2.2f / sunRadius;
      float maria = noise.fractal((x - sunX) * scale, (y - sunY) * scale, 4, 0.5f);
      return Colour.of(0xF4F1E4).times(1.06f - 0.3f * Noise.step(0.42f, 0.68f, maria));
    }
    return palette.light.mix(Colour.of(0xFFFFFF), 0.55f);
  }

  private Colour stars(int x, int y) {
    float cell = Math.max(6, canvas.unit * STAR_CELL);
    int column = (int) (x / cell);
    int row = (int) (y / cell);
    float luck = noise.at(column, row + 4000);
    float offX = x / cell - column - (0.2f + 0.6f * noise.at(column, row + 5000));
    float offY = y / cell - row - (0.2f + 0.6f * noise.at(column, row + 6000));
    float size = 0.05f + 0.12f * luck * luck * luck * luck;
    float glow = Math.max(0, 1 - (offX * offX + offY * offY) / (size * size));
    float brightness = luck < 0.35f ? 0 : 0.25f + 0.75f * luck * luck * luck * luck;
    Colour tint = Colour.of(0xFFE3C4).mix(Colour.of(0xCFE2FF), noise.at(column, row + 7000));
    return tint.times(glow * brightness);
  }

  private float northernLights(float x, float height) {
    float curtain = 0.42f + 0.28f * (noise.smooth(x * 1.7f, 40) - 0.5f) * 2;
    float fold = noise.smooth(x * 9 + 3 * noise.smooth(x * 3, 41), 42);
    float above = height - curtain;
    float fade = above < 0 ? Noise.step(-0.06f, 0, above) : (float) Math.exp(-above * 5);
    return fade * (0.25f + 0.6f * fold) * noise.smooth(x * 26, height * 2);
  }

  private Colour clouds(Colour sky, int x, float height, float away) {
    // Perspective of a flat cloud layer: near the horizon it narrows into streaks.
    float depth = 0.9f / (height + 0.22f);
    float u = (x / canvas.unit - 0.5f) * depth * 1.7f;
    float v = depth * 3.6f;
    float density = noise.fork(9).fractal(u + 11, v, 5, 0.52f);
    float cover = Noise.step(0.74f - 0.36f * cloudiness, 0.95f - 0.3f * cloudiness, density);
    cover *= 0.9f * Noise.step(0, 0.12f, height);
    if (cover <= 0) {
      return sky;
    }
    Colour shade = palette.middle.mix(palette.zenith, 0.35f).mix(sky, 0.3f);
    Colour bright = palette.horizon.mix(palette.light, 0.6f);
    float lit = Math.clamp(0.25f + 0.9f * (float) Math.exp(-away * 2.2f) - 0.5f * cover, 0f, 1f);
    Colour cloud = shade.mix(bright, palette.isDark() ? 0.35f * lit : lit + 0.25f);
    return sky.mix(cloud, cover);
  }
}
