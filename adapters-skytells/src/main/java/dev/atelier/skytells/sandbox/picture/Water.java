package dev.atelier.skytells.sandbox.picture;

/** Draws reflections, waves and glitter. */
record Water(Canvas canvas, Palette palette, Noise noise, int horizon, float sunX) {

  void paint(float roughness) {
    float depth = canvas.height - horizon;
    for (int y = horizon; y < canvas.height; y++) {
      float near = (y - horizon) / depth;
      // Perspective: distant waves look flatter.
      float scale = 90 / (0.06f + near);
      for (int x = 0; x < canvas.width; x++) {
        canvas.set(x, y, at(x, y, near, scale, roughness));
      }
    }
  }

  private Colour at(int x, int y, float near, float scale, float roughness) {
    float u = (x - canvas.width / 2f) / canvas.unit;
    float wave =
        noise.fractal(u * scale * 0.11f + 40, (float) Math.log(0.04f + near) * 26, 3, 0.55f) - 0.5f;
    float shift = wave * roughness * (0.02f + 0.3f * near) * canvas.unit;
    int mirrored = Math.clamp(Math.round(2f * horizon - y - 1 + shift * 1.4f), 0, horizon - 1);
    int across = Math.clamp(Math.round(x + shift * 0.35f), 0, canvas.width - 1);
    Colour deep = palette.zenith.mix(palette.ground, 0.45f);
    Colour colour = canvas.get(across, mirrored).mix(deep, 0.14f + 0.5f * near);
    colour = colour.lit(palette.horizon, Math.max(0, wave) * 0.35f * (1 - near) * roughness);
    float beam = Math.abs(x - sunX) / canvas.unit / (0.035f + 0.16f * near);
    float glint = Noise.step(0.06f, 0.22f, wave) * (float) Math.exp(-beam * beam);
    return colour.lit(palette.light, glint * (palette.isDark() ? 0.5f : 0.9f));
  }
}
