package dev.atelier.skytells.sandbox.picture;

/** Draws a skyline. */
record City(Canvas canvas, Palette palette, Noise noise) {

  void paint(float near, int ground, Colour body) {
    float x = -canvas.unit * 0.02f;
    for (int house = 0; x < canvas.width; house++) {
      float breadth = canvas.unit * noise.between(house * 7 + 1, 0.025f, 0.075f);
      float rise = noise.between(house * 7 + 2, 0.2f, 1) * noise.between(house * 7 + 3, 0.3f, 1);
      float height = canvas.unit * (0.06f + (0.34f - 0.16f * near) * rise);
      tower(noise.fork(house), x, breadth, ground - height, ground, body, near);
      x += breadth * noise.between(house * 7 + 4, 0.8f, 1.25f);
    }
  }

  private void tower(
      Noise own, float left, float breadth, float top, int ground, Colour body, float near) {
    Colour wall = body.times(own.between(1, 0.85f, 1.1f));
    float mast = own.at(2, 2) < 0.25f ? canvas.unit * own.between(3, 0.02f, 0.06f) : 0;
    float middle = left + breadth / 2;
    canvas.rectangle(middle - 1, top - mast, middle + 1, top, wall);
    canvas.rectangle(left, top, left + breadth, ground, wall);
    float pane = Math.max(3, canvas.unit * (0.004f + 0.003f * near));
    Colour lamp = own.at(4, 4) < 0.5f ? palette.light : palette.horizon;
    for (int row = 1; top + row * pane * 1.6f < ground - pane; row++) {
      for (int column = 1; column * pane * 1.5f < breadth - pane; column++) {
        if (own.at(column, row + 50) < 0.34f) {
          float x = left + column * pane * 1.5f;
          float y = top + row * pane * 1.6f;
          canvas.rectangle(x, y, x + pane * 0.8f, y + pane, wall.mix(lamp, 0.35f + 0.55f * near));
        }
      }
    }
  }
}
