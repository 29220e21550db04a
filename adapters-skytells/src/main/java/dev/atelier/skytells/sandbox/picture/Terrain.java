package dev.atelier.skytells.sandbox.picture;

import java.util.List;

/** The land of a picture. */
enum Terrain {
  LAKE("lake mountain mountains alps valley river reflection castle"),
  PEAKS("snow winter ice peak summit himalaya glacier cliff"),
  FOREST("forest tree trees wood woods jungle pine park garden"),
  SEA("sea ocean beach wave coast island ship boat sail harbor lighthouse fish whale"),
  DUNES("desert sand dune sahara camel canyon mars"),
  CITY("city town street skyline building tokyo cyberpunk neon robot car urban"),
  HILLS("hill hills meadow field village house farm cat dog horse flower sheep"),
  VOLCANO("volcano lava fire dragon hell flame");

  final String words;

  Terrain(String words) {
    this.words = words;
  }

  /** Whether the lower part is water that mirrors the upper. */
  boolean hasWater() {
    return switch (this) {
      case LAKE, SEA, CITY -> true;
      case PEAKS, FOREST, DUNES, HILLS, VOLCANO -> false;
    };
  }

  /** How many ridges stand one behind the other. */
  int layers() {
    return switch (this) {
      case PEAKS, FOREST, DUNES, HILLS -> 5;
      case LAKE, VOLCANO -> 4;
      case CITY -> 3;
      case SEA -> 2;
    };
  }

  /** Whether trees grow on a ridge: 0 is the farthest, 1 the nearest. */
  boolean hasTrees(float near) {
    return switch (this) {
      case FOREST -> true;
      case LAKE -> near == 1;
      case PEAKS, HILLS -> near > 0.7f;
      case SEA, DUNES, CITY, VOLCANO -> false;
    };
  }

  /** The light that suits it when the prompt names none. */
  List<Palette> lights() {
    return switch (this) {
      case LAKE -> List.of(Palette.DAWN, Palette.DUSK, Palette.GOLD, Palette.NIGHT, Palette.AURORA);
      case PEAKS -> List.of(Palette.FROST, Palette.DAWN, Palette.AURORA, Palette.DAY);
      case FOREST -> List.of(Palette.MIST, Palette.GOLD, Palette.DAWN);
      case SEA -> List.of(Palette.DUSK, Palette.DAY, Palette.STORM, Palette.DAWN);
      case DUNES -> List.of(Palette.SAND, Palette.DUSK, Palette.GOLD);
      case CITY -> List.of(Palette.NEON, Palette.DUSK, Palette.NIGHT);
      case HILLS -> List.of(Palette.GOLD, Palette.DAY, Palette.DAWN, Palette.MIST);
      case VOLCANO -> List.of(Palette.EMBER);
    };
  }
}
