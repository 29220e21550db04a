package dev.atelier.skytells.sandbox.api;

import dev.atelier.skytells.sandbox.catalog.Parameters;

/** The size of an image, in pixels. */
record PictureSize(int width, int height) {
  /** Bounds the memory, since a model may declare larger sizes. */
  private static final int MAX = 4096;

  private static final int MIN = 16;

  PictureSize {
    width = Math.clamp(width, MIN, MAX);
    height = Math.clamp(height, MIN, MAX);
  }

  /** From width and height, or else from the aspect ratio. */
  static PictureSize of(Parameters parameters) {
    PictureSize size = ofAspectRatio(parameters.text("aspect_ratio"));
    return parameters.input().has("aspect_ratio")
        ? new PictureSize(
            parameters.input().path("width").asInt(size.width),
            parameters.input().path("height").asInt(size.height))
        : new PictureSize(
            parameters.integer("width").orElse(size.width),
            parameters.integer("height").orElse(size.height));
  }

  private static PictureSize ofAspectRatio(String aspectRatio) {
    return switch (aspectRatio) {
      case "16:9" -> new PictureSize(1344, 768);
      case "9:16" -> new PictureSize(768, 1344);
      case "4:3" -> new PictureSize(1152, 864);
      case "3:4" -> new PictureSize(864, 1152);
      case "3:2" -> new PictureSize(1216, 832);
      case "2:3" -> new PictureSize(832, 1216);
      case "21:9" -> new PictureSize(1536, 640);
      default -> new PictureSize(1024, 1024);
    };
  }

  double megapixels() {
    return width * height / 1e6;
  }
}
