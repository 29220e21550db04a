package dev.atelier.http.auth;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Settings for authentication, signed links, rate limit and CORS.
 *
 * @param links if empty, output URLs are unsigned
 * @param requestsPerMinute per caller; empty means unlimited
 * @param corsOrigins {@code *} allows any
 */
public record AccessSettings(
    AuthMode authMode,
    Optional<LinkSigning> links,
    OptionalInt requestsPerMinute,
    Set<String> corsOrigins) {
  public AccessSettings {
    corsOrigins = Set.copyOf(corsOrigins);
    if (requestsPerMinute.isPresent() && requestsPerMinute.getAsInt() < 1) {
      throw new IllegalArgumentException("requestsPerMinute must be positive");
    }
  }
}
