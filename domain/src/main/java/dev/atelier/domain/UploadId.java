package dev.atelier.domain;

import java.util.Optional;
import java.util.UUID;

/** The id of an upload. */
public record UploadId(UUID value) {
  /** Accepts any case. */
  public static Optional<UploadId> parse(String text) {
    return GenerationId.parse(text).map(id -> new UploadId(id.value()));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
