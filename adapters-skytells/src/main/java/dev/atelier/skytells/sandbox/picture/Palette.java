package dev.atelier.skytells.sandbox.picture;

/** The light of a picture: the colours of its sky and of what stands before it. */
@SuppressWarnings("ImmutableEnumChecker") // a Colour is three numbers
enum Palette {
  DAWN("dawn sunrise morning spring blossom", 0x5B6FA8, 0xE3A6B5, 0xFFE0B5, 0xFFF3D6, 0x3A3A63),
  DAY("day noon summer sunny blue sky bright", 0x2F78C4, 0x7FB6E6, 0xDCEFFA, 0xFFFBEA, 0x1F4A4F),
  GOLD(
      "gold golden autumn fall harvest warm honey",
      0x7A8FB0,
      0xE9B872,
      0xFCE3A8,
      0xFFF0C2,
      0x4A2B1C),
  DUSK("dusk sunset evening twilight romantic", 0x2B2A5E, 0xB0527C, 0xFFA45E, 0xFFD9A0, 0x1B1433),
  NIGHT("night moon midnight stars starry dark", 0x060B20, 0x12264F, 0x35588A, 0xE8EEF8, 0x04070F),
  AURORA("aurora arctic polar northern magic", 0x050B1E, 0x0D2F45, 0x2E7D78, 0x8CF5C4, 0x030A12),
  MIST("mist fog forest rain jungle green calm", 0x7FA39B, 0xB3CCBE, 0xE9F0DF, 0xFFFDF0, 0x12302B),
  FROST("snow winter ice frost cold white", 0x6F93BE, 0xB9D0E6, 0xF3F1F4, 0xFFF6EE, 0x2C4560),
  EMBER(
      "fire lava volcano flame ember dragon hell",
      0x16070C,
      0x5A1413,
      0xE5541B,
      0xFFB347,
      0x0C0406),
  SAND("desert sand dune sahara canyon dry", 0x4C86B0, 0xD9B58C, 0xFBE3BE, 0xFFF4DC, 0x5C2A18),
  NEON(
      "neon cyberpunk synthwave retro robot future",
      0x0D0628,
      0x4B1372,
      0xFF3E9A,
      0xFFD56B,
      0x0A0420),
  STORM("storm thunder grey rain dramatic wild", 0x20262F, 0x4D5A66, 0xA9B0A8, 0xE8E4D2, 0x10151B);

  final String words;
  final Colour zenith;
  final Colour middle;
  final Colour horizon;
  final Colour light;
  final Colour ground;

  Palette(String words, int zenith, int middle, int horizon, int light, int ground) {
    this.words = words;
    this.zenith = Colour.of(zenith);
    this.middle = Colour.of(middle);
    this.horizon = Colour.of(horizon);
    this.light = Colour.of(light);
    this.ground = Colour.of(ground);
  }

  /** Whether the moon shines instead of the sun, among stars. */
  boolean isDark() {
    return switch (this) {
      case NIGHT, AURORA -> true;
      case DAWN, DAY, GOLD, DUSK, MIST, FROST, EMBER, SAND, NEON, STORM -> false;
    };
  }

  /** How many stars shine, 0 to 1. */
  float stars() {
    return switch (this) {
      case NIGHT, AURORA -> 1;
      case DUSK, NEON -> 0.45f;
      case DAWN, DAY, GOLD, MIST, FROST, EMBER, SAND, STORM -> 0;
    };
  }

  /** How much of the sky is cloud, 0 to 1. */
  float clouds() {
    return switch (this) {
      case STORM -> 0.85f;
      case EMBER -> 0.6f;
      case DUSK, DAWN, DAY, GOLD -> 0.5f;
      case MIST, FROST, SAND -> 0.35f;
      case NIGHT, AURORA, NEON -> 0.2f;
    };
  }
}
