package dev.atelier.skytells.sandbox.picture;

import java.util.List;

/** The colours of a scene; stars and clouds from 0 to 1. */
@SuppressWarnings("ImmutableEnumChecker") // a Colour is three numbers
enum Palette {
  DAWN("dawn sunrise morning spring", 0x5B6FA8, 0xE3A6B5, 0xFFE0B5, 0xFFF3D6, 0x3A3A63, 0, 0.5f),
  DAY("day noon summer sunny blue", 0x2F78C4, 0x7FB6E6, 0xDCEFFA, 0xFFFBEA, 0x1F4A4F, 0, 0.5f),
  GOLD("gold golden autumn harvest", 0x7A8FB0, 0xE9B872, 0xFCE3A8, 0xFFF0C2, 0x4A2B1C, 0, 0.5f),
  DUSK("dusk sunset evening twilight", 0x2B2A5E, 0xB0527C, 0xFFA45E, 0xFFD9A0, 0x1B1433, .4f, .5f),
  NIGHT("night moon midnight stars", 0x060B20, 0x12264F, 0x35588A, 0xE8EEF8, 0x04070F, 1, 0.2f),
  AURORA("aurora arctic polar magic", 0x050B1E, 0x0D2F45, 0x2E7D78, 0x8CF5C4, 0x030A12, 1, 0.2f),
  MIST("mist misty fog rain calm", 0x7FA39B, 0xB3CCBE, 0xE9F0DF, 0xFFFDF0, 0x12302B, 0, 0.35f),
  FROST("snow winter ice frost cold", 0x6F93BE, 0xB9D0E6, 0xF3F1F4, 0xFFF6EE, 0x2C4560, 0, 0.35f),
  EMBER("fire lava volcano dragon red", 0x16070C, 0x5A1413, 0xE5541B, 0xFFB347, 0x0C0406, 0, 0.6f),
  SAND("desert sand dunes canyon", 0x4C86B0, 0xD9B58C, 0xFBE3BE, 0xFFF4DC, 0x5C2A18, 0, 0.35f),
  NEON("neon cyberpunk robot future", 0x0D0628, 0x4B1372, 0xFF3E9A, 0xFFD56B, 0x0A0420, .45f, .2f),
  STORM("storm stormy thunder dramatic", 0x20262F, 0x4D5A66, 0xA9B0A8, 0xE8E4D2, 0x10151B, 0, .85f);

  static final List<Palette> ANYWHERE = List.of(DAWN, DAY, GOLD, DUSK, NIGHT, AURORA, MIST);

  final String words;
  final Colour zenith;
  final Colour middle;
  final Colour horizon;
  final Colour light;
  final Colour ground;

  final float stars;

  final float clouds;

  Palette(
      String words,
      int zenith,
      int middle,
      int horizon,
      int light,
      int ground,
      float stars,
      float clouds) {
    this.words = words;
    this.zenith = Colour.of(zenith);
    this.middle = Colour.of(middle);
    this.horizon = Colour.of(horizon);
    this.light = Colour.of(light);
    this.ground = Colour.of(ground);
    this.stars = stars;
    this.clouds = clouds;
  }

  /** With a moon instead of a sun. */
  boolean isDark() {
    return stars == 1;
  }

  Colour haze() {
    return horizon.mix(middle, 0.45f);
  }
}
