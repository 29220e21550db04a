package dev.atelier.skytells.sandbox.picture;

/**
 * Draws ridges and trees, far to near.
 *
 * @param lightSide -1 for left, 1 for right
 */
record Foreground(
    Canvas canvas, Palette palette, Terrain terrain, Noise noise, int horizon, float lightSide) {

  void paint() {
    float[][] crests = new float[terrain.ridges][];
    for (int ridge = 0; ridge < terrain.ridges; ridge++) {
      crests[ridge] = crest(noise.fork(ridge), near(ridge));
    }
    for (int ridge = 0; ridge < terrain.ridges; ridge++) {
      Noise own = noise.fork(ridge);
      float near = near(ridge);
      Colour body = palette.haze().mix(palette.ground, 0.2f + 0.8f * near);
      if (terrain == Terrain.CITY) {
        new City(canvas, palette, own).paint(near, horizon, body);
      } else {
        ridge(own, crests, ridge, body);
        if (near >= terrain.trees) {
          trees(own, crests[ridge], near, body);
        }
      }
    }
  }

  /** 0 is the farthest ridge, 1 the nearest. */
  private float near(int ridge) {
    return ridge / (terrain.ridges - 1f);
  }

  private int bottom() {
    return terrain.hasWater ? horizon : canvas.height;
  }

  private float[] crest(Noise own, float near) {
    float base = Noise.lerp(horizon, bottom(), near * 0.86f);
    float[] crest = new float[canvas.width];
    for (int x = 0; x < canvas.width; x++) {
      crest[x] = base - canvas.unit * elevation(own, x / canvas.unit, near);
    }
    return crest;
  }

  /** Stops where a nearer ridge hides it. */
  private void ridge(Noise own, float[][] crests, int ridge, Colour body) {
    float[] crest = crests[ridge];
    Colour mist = palette.haze().mix(palette.horizon, 0.5f);
    for (int x = 0; x < canvas.width; x++) {
      float hidden = bottom();
      for (int nearer = ridge + 1; nearer < terrain.ridges; nearer++) {
        hidden = Math.min(hidden, crests[nearer][x] + 1);
      }
      for (int y = Math.max(0, (int) crest[x]); y < hidden; y++) {
        float below = (y - crest[x]) / canvas.unit;
        Colour bare = surface(own, body, x, y / canvas.unit, below, crest, near(ridge));
        float veil = (1 - near(ridge)) * 0.75f * Noise.step(0.02f, 0.24f, below);
        canvas.blend(x, y, bare.mix(mist, veil), y + 1 - crest[x]);
      }
    }
  }

  /** As a fraction of the unit. */
  private float elevation(Noise own, float x, float near) {
    float far = 1 - near;
    float relief = 0.45f + 0.9f * own.smooth(x * 1.1f + 50, 3);
    return switch (terrain) {
      case LAKE -> (0.06f + 0.27f * far) * own.ridged(x * (1.6f + near), 0, 6) * relief;
      case PEAKS -> 0.02f + (0.1f + 0.38f * far) * own.ridged(x * (1.3f + near), 0, 6) * relief;
      case FOREST -> far * (0.13f + 0.12f * own.fractal(x * 2.2f, 0, 3, 0.5f)) - 0.04f;
      case SEA -> island(own, x, near);
      case DUNES -> 0.02f + (0.12f + 0.12f * far) * own.ridged(x * (0.6f + 0.4f * near), 0, 2);
      case CITY -> 0;
      case HILLS -> 0.03f + (0.13f + 0.06f * far) * own.fractal(x * (1.3f + near), 0, 4, 0.4f);
    };
  }

  private float island(Noise own, float x, float near) {
    float middle = canvas.width / canvas.unit * own.between(20, 0.1f, 0.9f);
    float breadth = own.between(21, 0.12f, 0.3f);
    float swell = Math.max(0, 1 - (float) Math.pow((x - middle) / breadth, 2));
    return swell * (0.07f - 0.03f * near) * (0.5f + own.fractal(x * 9, 5, 5, 0.5f)) - 0.004f;
  }

  private Colour surface(
      Noise own, Colour body, int x, float v, float below, float[] crest, float near) {
    float u = x / canvas.unit;
    return switch (terrain) {
      case LAKE, PEAKS -> rock(own, body, u, v, below, near);
      case DUNES -> sand(own, body, x, v, below, crest);
      case HILLS -> {
        float grass = own.fractal(u * 40, v * 140, 4, 0.6f) - 0.5f;
        yield body.lit(palette.light, Math.max(0, 0.22f - below * 1.6f + grass * 0.35f));
      }
      case FOREST, SEA, CITY -> body.lit(palette.light, 0.1f * Noise.step(0.01f, 0, below));
    };
  }

  private Colour rock(Noise own, Colour body, float u, float v, float below, float near) {
    float scale = 5 + 3 * near;
    float x = u * scale + below * 2.5f;
    float y = v * scale * 0.6f;
    float here = own.ridged(x, y, 5);
    float beside = own.ridged(x + lightSide * 0.09f, y, 5);
    float slope = Math.clamp((here - beside) * 4, -0.6f, 0.6f);
    Colour stone =
        body.lit(palette.light, Math.max(0, slope) * (0.45f - 0.2f * near))
            .times(1 + Math.min(0, slope) * 0.6f);
    if (terrain == Terrain.LAKE || palette == Palette.EMBER) {
      return stone;
    }
    float patches = 0.7f * here + 0.35f * own.fractal(u * 30, v * 12, 3, 0.5f);
    float snow = Noise.step(0.42f, 0.58f, patches - below - 0.7f * near);
    Colour shade = palette.middle.mix(palette.zenith, 0.4f).mix(palette.ground, 0.2f * near);
    Colour bright = palette.horizon.mix(palette.light, 0.6f);
    return stone.mix(shade.mix(bright, Math.clamp(0.55f + slope, 0f, 1f)), snow * 0.95f);
  }

  private Colour sand(Noise own, Colour body, int x, float v, float below, float[] crest) {
    float u = x / canvas.unit;
    float bend = below * (0.8f + own.smooth(v * 4, 8)) - 0.02f;
    int step = Math.max(1, (int) (canvas.unit * 0.012f));
    int from = (int) (x - lightSide * bend * canvas.unit);
    int top = Math.clamp(from, step, canvas.width - 1 - step);
    float slope = lightSide * (crest[top + step] - crest[top - step]) / (2 * step);
    float ripple = own.smooth(u * 9, v * 150 + 8 * own.smooth(u * 5, v * 9)) - 0.5f;
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
