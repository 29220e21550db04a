package dev.atelier.skytells.sandbox.picture;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Composes a landscape from a prompt and a seed. */
final class Scene {
  private final Set<String> words;
  private final Noise noise;

  Scene(String prompt, long seed) {
    this.words = Set.copyOf(List.of(prompt.toLowerCase(Locale.ROOT).split("[^\\p{L}]+")));
    this.noise = new Noise(seed).fork(prompt.hashCode());
  }

  BufferedImage paint(int width, int height) {
    Terrain terrain = terrain();
    Palette palette = palette();
    var canvas = new Canvas(width, height, noise.fork(1));
    int horizon = (int) (height * noise.between(10, 0.54f, 0.66f));
    var sky = new Sky(canvas, palette, noise.fork(2), horizon);
    sky.paint();
    float lightSide = sky.sunX() < width / 2f ? -1 : 1;
    new Foreground(canvas, palette, terrain, noise.fork(3), horizon, lightSide).paint();
    var landmark = new Landmark(canvas, palette, noise.fork(5));
    float chance = noise.at(7, 7);
    float aside = sky.sunX() < width / 2f ? 0.72f : 0.28f;
    if (terrain == Terrain.SEA && (words.contains("lighthouse") || chance < 0.25f)) {
      landmark.lighthouse(width * aside, horizon);
    } else if (chance > 0.5f && !palette.isDark()) {
      landmark.birds(horizon);
    }
    if (terrain.hasWater) {
      float roughness = terrain == Terrain.SEA ? 1 : 0.4f;
      new Water(canvas, palette, noise.fork(4), horizon, sky.sunX()).paint(roughness);
      boolean sail = names("boat ship sail");
      if (sail || (terrain != Terrain.CITY && chance > 0.25f && chance < 0.5f)) {
        float size = canvas.unit * (sail ? 0.14f : 0.05f);
        landmark.sail(width * (1 - aside), horizon + size * 0.35f, size);
      }
    }
    return canvas.image();
  }

  private Terrain terrain() {
    return Stream.of(Terrain.values())
        .filter(terrain -> names(terrain.words))
        .findFirst()
        .orElseGet(() -> any(List.of(Terrain.values()), 5));
  }

  Palette palette() {
    return Stream.of(Palette.values())
        .filter(palette -> names(palette.words))
        .findFirst()
        .orElseGet(() -> any(Palette.ANYWHERE, 6));
  }

  private boolean names(String vocabulary) {
    return Stream.of(vocabulary.split(" ")).anyMatch(words::contains);
  }

  private <T> T any(List<T> choices, int salt) {
    return choices.get((int) (noise.at(salt, salt) * choices.size()));
  }
}
