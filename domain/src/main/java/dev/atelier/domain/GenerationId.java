package dev.atelier.domain;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Our own name for a generation: a time-ordered UUID (version 7, RFC 9562). */
public record GenerationId(UUID value) {
  private static final Pattern CANONICAL =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  /**
   * Reads the canonical form with 36 characters.
   *
   * @return the id, or empty when the text is none; an unreadable id is as good as an unknown one
   */
  public static Optional<GenerationId> parse(String text) {
    return CANONICAL.matcher(text).matches()
        ? Optional.of(new GenerationId(UUID.fromString(text)))
        : Optional.empty();
  }

  /** The canonical form, in lower case. */
  @Override
  public String toString() {
    return value.toString();
  }
}
