package dev.atelier.domain;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** The id of a generation: a time-ordered UUID (version 7, RFC 9562). */
public record GenerationId(UUID value) {
  private static final Pattern CANONICAL =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  /** Parses the canonical form. Malformed text gives empty; callers treat it as an unknown id. */
  public static Optional<GenerationId> parse(String text) {
    return CANONICAL.matcher(text).matches()
        ? Optional.of(new GenerationId(UUID.fromString(text)))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
