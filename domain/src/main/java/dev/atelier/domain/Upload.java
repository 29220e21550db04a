package dev.atelier.domain;

import java.time.Duration;
import java.time.Instant;

/**
 * A stored file that a client sent to be used as an input.
 *
 * @param expiresAt when it is removed, unless it is used before
 */
public record Upload(UploadId id, UserId owner, Asset asset, Instant createdAt, Instant expiresAt) {
  /** How long an upload is kept after its last use. */
  public static final Duration LIFETIME = Duration.ofDays(1);
}
