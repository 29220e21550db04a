package dev.atelier.application.upload;

import dev.atelier.domain.MediaType;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Compares the {@code Content-Type} of a file with its content. */
final class DeclaredType {
  /** Names for the same type that clients use. */
  private static final Map<String, String> ALIASES =
      Map.of(
          "image/jpg", "image/jpeg",
          "image/pjpeg", "image/jpeg",
          "image/x-png", "image/png",
          "audio/mp3", "audio/mpeg",
          "audio/x-wav", "audio/wav",
          "audio/wave", "audio/wav",
          "audio/x-flac", "audio/flac",
          "audio/x-m4a", "audio/mp4",
          "video/x-m4v", "video/mp4");

  private DeclaredType() {}

  /**
   * Whether the client says that the file is something else. Types outside image, video and audio,
   * such as curl's default, say nothing; nor do unknown types of the same kind.
   */
  static boolean contradicts(Optional<String> declared, MediaType detected) {
    Optional<String> type =
        declared
            .map(text -> text.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
            .map(text -> ALIASES.getOrDefault(text, text))
            .filter(text -> text.matches("(image|video|audio)/.+"));
    return type.isPresent()
        && !type.get().equals(detected.value())
        && (!kind(type.get()).equals(kind(detected.value())) || isKnown(type.get()));
  }

  private static String kind(String type) {
    return type.substring(0, type.indexOf('/'));
  }

  private static boolean isKnown(String type) {
    return Stream.of(MediaType.values()).anyMatch(known -> known.value().equals(type));
  }
}
