package dev.atelier.skytells.sandbox.picture;

/** The type of landscape. */
enum Terrain {
  LAKE("lake mountain mountains alps valley river castle volcano dragon", 4, true, 1),
  PEAKS("snow winter ice peak peaks glacier cliff summit", 4, false, 0.6f),
  FOREST("forest tree trees wood woods jungle park garden fox deer", 5, false, 0),
  SEA("sea ocean beach wave coast island ship boat sail harbor lighthouse", 2, true, 2),
  DUNES("desert sand dune dunes sahara camel canyon mars", 5, false, 2),
  CITY("city town street skyline tokyo cyberpunk neon robot car", 3, true, 2),
  HILLS("hill hills meadow field village house cat dog horse flower", 5, false, 0.7f);

  final String words;

  final int ridges;

  final boolean hasWater;

  /** Depth from which trees grow; 2 means none. */
  final float trees;

  Terrain(String words, int ridges, boolean hasWater, float trees) {
    this.words = words;
    this.ridges = ridges;
    this.hasWater = hasWater;
    this.trees = trees;
  }
}
