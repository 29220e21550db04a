package dev.atelier.skytells.sandbox.picture;

/** Draws a lighthouse, boats and birds. */
record Landmark(Canvas canvas, Palette palette, Noise noise) {

  void lighthouse(float x, float horizon) {
    float size = canvas.unit * noise.between(1, 0.24f, 0.3f);
    float top = horizon - size;
    Colour shadow = palette.ground.mix(palette.middle, 0.12f);
    Colour wall = palette.ground.mix(palette.horizon, 0.5f);
    for (int y = (int) (horizon - size * 0.22f); y < horizon; y++) {
      float down = 1 - (horizon - y) / (size * 0.22f);
      float half =
          size * 0.62f * (float) Math.sqrt(down) * (0.9f + 0.2f * noise.smooth(y * 0.11f, 3));
      canvas.span(x - half * 1.3f, x + half, y, shadow);
    }
    for (int y = (int) (top + size * 0.16f); y < horizon - size * 0.14f; y++) {
      float down = (y - top) / size;
      float half = size * (0.045f + 0.045f * down);
      boolean red = (int) (down * 6.5f) % 2 == 0;
      Colour stripe = red ? wall.mix(Colour.of(0xB0382E), 0.6f).times(0.8f) : wall;
      canvas.span(x - half, x + half, y, stripe.mix(shadow, 0.25f));
      canvas.span(x - half, x - half * 0.2f, y, stripe);
    }
    float lamp = top + size * 0.1f;
    canvas.rectangle(
        x - size * 0.075f, top + size * 0.145f, x + size * 0.075f, top + size * 0.17f, shadow);
    canvas.rectangle(
        x - size * 0.04f, top + size * 0.05f, x + size * 0.04f, top + size * 0.145f, palette.light);
    for (int y = (int) top; y < top + size * 0.06f; y++) {
      float half = (y - top) * 0.9f;
      canvas.span(x - half, x + half, y, shadow);
    }
    beam(x, lamp, horizon);
    canvas.glow(x, lamp, size * 0.4f, Colour.of(0xFFE9B0), 0.95f);
  }

  private void beam(float x, float lamp, float horizon) {
    float side = x > canvas.width / 2f ? -1 : 1;
    for (int y = 0; y < horizon; y++) {
      for (int across = 0; across < canvas.width; across++) {
        float run = (across - x) * side;
        float off = Math.abs(y - lamp + run * 0.1f) / (canvas.unit * 0.006f + run * 0.085f);
        if (run > 0 && off < 1) {
          float fade = (float) Math.exp(-run / canvas.unit * 2.2f);
          canvas.light(across, y, Colour.of(0xFFE9B0), 0.42f * fade * (1 - off * off));
        }
      }
    }
  }

  void sail(float x, float water, float size) {
    Colour hull = palette.ground;
    Colour cloth = palette.horizon.mix(palette.light, 0.5f);
    for (int y = (int) (water - size); y < water - size * 0.12f; y++) {
      float down = (y - water + size) / (size * 0.88f);
      canvas.span(x - size * 0.32f * down, x - size * 0.02f, y, cloth.mix(hull, 0.25f));
      canvas.span(x + size * 0.02f, x + size * 0.46f * (float) Math.sqrt(down) * down, y, cloth);
    }
    for (int y = (int) (water - size * 0.12f); y < water; y++) {
      float down = 1 - (water - y) / (size * 0.12f);
      canvas.span(x - size * (0.4f - 0.12f * down), x + size * (0.52f - 0.2f * down), y, hull);
    }
  }

  void birds(float horizon) {
    float flockX = canvas.width * noise.between(31, 0.2f, 0.75f);
    float flockY = horizon * noise.between(32, 0.25f, 0.6f);
    for (int bird = 0; bird < 3 + 6 * noise.at(3, 3); bird++) {
      float x = flockX + canvas.unit * noise.between(bird + 100, -0.12f, 0.12f);
      float y = flockY + canvas.unit * noise.between(bird + 200, -0.05f, 0.05f);
      float span = canvas.unit * noise.between(bird + 300, 0.007f, 0.014f);
      for (float t = -1; t <= 1; t += 0.5f / span) {
        float lift = (float) Math.sin(Math.abs(t) * 2.4f) * span * 0.45f;
        canvas.blend((int) (x + t * span), (int) (y - lift), palette.ground, 0.8f);
        canvas.blend((int) (x + t * span), (int) (y - lift) + 1, palette.ground, 0.45f);
      }
    }
  }
}
