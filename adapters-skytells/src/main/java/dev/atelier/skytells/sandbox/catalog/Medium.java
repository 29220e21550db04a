package dev.atelier.skytells.sandbox.catalog;

import java.util.Locale;
import java.util.Optional;

/** What a model produces, and the file format in which the sandbox serves it. */
public enum Medium {
  IMAGE(".png", "image/png"),
  VIDEO(".mp4", "video/mp4"),
  AUDIO(".wav", "audio/wav");

  private final String extension;
  private final String contentType;

  Medium(String extension, String contentType) {
    this.extension = extension;
    this.contentType = contentType;
  }

  /** Starts with a dot. */
  public String extension() {
    return extension;
  }

  public String contentType() {
    return contentType;
  }

  /** Empty for a model type that Skytells does not run as a prediction, such as {@code text}. */
  static Optional<Medium> of(String modelType) {
    return switch (modelType.toLowerCase(Locale.ROOT)) {
      case "image" -> Optional.of(IMAGE);
      case "video" -> Optional.of(VIDEO);
      case "audio", "music" -> Optional.of(AUDIO);
      default -> Optional.empty();
    };
  }
}
