package dev.atelier.http.auth;

import dev.atelier.application.port.Secret;
import java.time.Duration;
import java.util.List;

/**
 * Settings for signed output URLs.
 *
 * @param keys the first signs, all verify; the same on all instances
 * @param lifetime minimum validity of a URL
 */
public record LinkSigning(List<Secret> keys, Duration lifetime) {
  private static final int MIN_KEY_LENGTH = 32;

  public LinkSigning {
    keys = List.copyOf(keys);
    if (keys.isEmpty() || keys.stream().anyMatch(key -> key.value().length() < MIN_KEY_LENGTH)) {
      throw new IllegalArgumentException(
          "must have at least " + MIN_KEY_LENGTH + " random characters");
    }
    if (!lifetime.isPositive()) {
      throw new IllegalArgumentException("lifetime must be positive");
    }
  }
}
