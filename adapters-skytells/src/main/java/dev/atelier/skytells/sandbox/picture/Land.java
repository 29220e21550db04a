package dev.atelier.skytells.sandbox.picture;

/** What stands before the sky: ridges one behind the other, and what grows on them. */
final class Land {
  private final Canvas canvas;
  private final Palette palette;
  private final Terrain terrain;
  private final Noise noise;
  private final int horizon;

  /** -1 when the light falls from the left, 1 when from the right. */
  private final float lightSide;

  Land(Canvas canvas, Palette palette, Terrain terrain, Noise noise, int horizon, float sunX) {
    this.canvas = canvas;
    this.palette = palette;
    this.terrain = terrain;
    this.noise = noise;
    this.horizon = horizon;
    this.lightSide = sunX < canvas.width / 2f ? -1 : 1;
  }

  /** Paints from the farthest ridge to the nearest. */
  void paint() {
    int layers = terrain.layers();
    for (int layer = 0; layer < layers; layer++) {
      float near = layers == 1 ? 0 : layer / (layers - 1f);
      Colour body = haze().mix(palette.ground, 0.2f + 0.8f * near);
      if (terrain == Terrain.CITY) {
        new City(canvas, palette, noise.fork(layer)).paint(near, horizon, body);
      } else {
        ridge(noise.fork(layer), near, body);
      }
    }
  }

  private Colour haze() {
    return palette.horizon.mix(palette.middle, 0.45f);
  }

  private void ridge(Noise own, float near, Colour body) {
    boolean water = terrain.hasWater();
    int bottom = water ? horizon : canvas.height;
    float base = water ? horizon : Noise.lerp(horizon, canvas.height, near * 0.86f);
    float[] crest = new float[canvas.width];
    for (int x = 0; x < canvas.width; x++) {
      crest[x] = base - canvas.unit * elevation(own, x / canvas.unit, near);
    }
    for (int y = 0; y < bottom; y++) {
      for (int x = 0; x < canvas.width; x++) {
        if (y + 1 > crest[x]) {
          canvas.blend(x, y, surface(own, body, x, y, crest, near), y + 1 - crest[x]);
        }
      }
    }
    if (terrain.hasTrees(near)) {
      trees(own, crest, near, body);
    }
  }

  /** How high the crest stands over its base, as a share of the unit. */
  private float elevation(Noise own, float x, float near) {
    float far = 1 - near;
    float relief = 0.45f + 0.9f * own.smooth(x * 1.1f + 50, 3);
    return switch (terrain) {
      case LAKE -> (0.06f + 0.27f * far) * own.ridged(x * (1.6f + near), 0, 6) * relief;
      case PEAKS -> 0.02f + (0.1f + 0.36f * far) * own.ridged(x * (1.3f + near), 0, 6) * relief;
      case FOREST -> 0.1f + 0.1f * far * own.fractal(x * 2.2f, 0, 3, 0.5f);
      case SEA -> island(own, x, near);
      case DUNES -> 0.02f + (0.12f + 0.12f * far) * own.ridged(x * (0.6f + 0.4f * near), 0, 2);
      case CITY -> 0;
      case HILLS -> 0.03f + 0.15f * own.fractal(x * (1.3f + near), 0, 4, 0.4f);
      case VOLCANO -> near == 0 ? cone(own, x) : 0.03f + 0.13f * own.ridged(x * 2, 0, 6) * relief;
    };
  }

  private float island(Noise own, float x, float near) {
    float middle = canvas.width / canvas.unit * own.between(20, 0.1f, 0.9f);
    float breadth = own.between(21, 0.12f, 0.3f);
    float swell = Math.max(0, 1 - (float) Math.pow((x - middle) / breadth, 2));
    return swell * (0.07f - 0.03f * near) * (0.5f + own.fractal(x * 9, 5, 5, 0.5f)) - 0.004f;
  }

  private float cone(Noise own, float x) {
    float middle = canvas.width / canvas.unit * noise.between(22, 0.35f, 0.65f);
    float outside = Math.max(0, Math.abs(x - middle) - 0.045f);
    float rim = outside == 0 ? 0.012f * own.ridged(x * 40, 0, 2) : 0;
    float ragged = 0.02f * (own.fractal(x * 12, 0, 4, 0.5f) - 0.5f);
    return 0.4f * (float) Math.exp(-outside * 3.4f) - rim + ragged;
  }

  private Colour surface(Noise own, Colour body, int x, int y, float[] crest, float near) {
    float below = (y - crest[x]) / canvas.unit;
    float u = x / canvas.unit;
    float v = y / canvas.unit;
    Colour bare =
        switch (terrain) {
          case LAKE, PEAKS, VOLCANO -> rock(own, body, u, v, below, near);
          case DUNES -> sand(own, body, x, v, below, crest);
          case HILLS -> {
            float grass = own.fractal(u * 30, v * 90, 4, 0.6f) - 0.5f;
            yield body.lit(palette.horizon, Math.max(0, 0.26f - below * 2 + grass * 0.3f));
          }
          case FOREST, SEA, CITY -> body.lit(palette.light, 0.1f * Noise.step(0.01f, 0, below));
        };
    float mist = (1 - near) * 0.75f * Noise.step(0.02f, 0.24f, below);
    return bare.mix(
        haze().mix(palette.horizon, 0.5f), terrain == Terrain.VOLCANO ? 0.3f * mist : mist);
  }

  private Colour rock(Noise own, Colour body, float u, float v, float below, float near) {
    float scale = 6 + 3 * near;
    float x = u * scale + below * 2.5f;
    float here = own.ridged(x, v * scale * 0.6f, 5);
    float slope =
        Math.clamp(
            (here - own.ridged(x + lightSide * 0.09f, v * scale * 0.6f, 5)) * 4, -0.6f, 0.6f);
    Colour stone =
        body.lit(palette.light, Math.max(0, slope) * (0.45f - 0.2f * near))
            .times(1 + Math.min(0, slope) * 0.6f);
    if (terrain == Terrain.PEAKS) {
      float line = 0.05f + 0.3f * here;
      float snow =
          Noise.step(
              line + 0.05f, line - 0.05f, below * (1.3f - near * 0.5f) + 0.12f * Math.abs(slope));
      Colour shade = palette.middle.mix(palette.zenith, 0.35f).mix(palette.ground, 0.15f * near);
      Colour bright = palette.horizon.mix(palette.light, 0.6f);
      return stone.mix(shade.mix(bright, Math.clamp(0.5f + slope, 0f, 1f)), snow * 0.95f);
    }
    if (terrain == Terrain.VOLCANO && near == 0) {
      float vein = Math.abs(own.smooth(u * 16 + own.smooth(u * 30, v * 30), v * 2.5f) - 0.5f);
      float lava = Noise.step(0.05f, 0, vein) * Noise.step(0.34f, 0.02f, below);
      return stone
          .mix(palette.ground, 0.45f)
          .lit(palette.light, 0.16f * Noise.step(0.2f, 0, below))
          .lit(palette.horizon.mix(palette.light, lava), lava);
    }
    return stone;
  }

  /** A dune is lit on one side; the edge of the shadow runs down from its top. */
  private Colour sand(Noise own, Colour body, int x, float v, float below, float[] crest) {
    float bend = below * (0.8f + own.smooth(v * 4, 8)) - 0.02f;
    int step = Math.max(1, (int) (canvas.unit * 0.012f));
    int from =
        Math.clamp((int) (x - lightSide * bend * canvas.unit), step, canvas.width - 1 - step);
    float slope = lightSide * (crest[from + step] - crest[from - step]) / (2 * step);
    float ripple =
        own.smooth(x / canvas.unit * 9, v * 150 + 8 * own.smooth(x / canvas.unit * 5, v * 9))
            - 0.5f;
    float lit = Noise.step(-0.06f, 0.14f, slope + 0.05f * ripple);
    Colour bright = palette.middle.mix(palette.light, 0.45f).mix(body, 0.3f);
    return body.mix(palette.middle, 0.2f).mix(bright, 0.15f + 0.75f * lit);
  }

  private void trees(Noise own, float[] crest, float near, Colour body) {
    boolean forest = terrain == Terrain.FOREST;
    float size = canvas.unit * (forest ? 0.05f + 0.25f * near * near : 0.045f);
    float gap = size * (forest ? 0.2f : 0.3f);
    for (int tree = -1; tree * gap < canvas.width + gap; tree++) {
      float grove = own.smooth(tree * gap / canvas.unit * 4, 77);
      if (forest || grove > 0.45f) {
        float x = (tree + own.at(tree, 1)) * gap;
        float foot = crest[Math.clamp((int) x, 0, canvas.width - 1)] + size * 0.1f;
        float height = size * (0.55f + 0.8f * own.at(tree, 2)) * (0.5f + grove * 0.7f);
        conifer(own.fork(tree), x, foot, height, body.times(0.92f + 0.16f * own.at(tree, 3)));
      }
    }
  }

  private void conifer(Noise own, float x, float foot, float height, Colour colour) {
    for (int y = (int) (foot - height); y < foot; y++) {
      float down = (y - (foot - height)) / height;
      float tier = (down * 9 + own.at(0, 9)) % 1;
      float half = height * 0.17f * down * (0.55f + 0.55f * tier) * (0.75f + 0.5f * own.at(y, 4));
      canvas.span(x - half - 0.5f, x + half * (0.8f + 0.4f * own.at(y, 5)) + 0.5f, y, colour);
    }
  }
}
