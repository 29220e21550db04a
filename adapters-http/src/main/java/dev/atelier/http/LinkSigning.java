package dev.atelier.http;

import dev.atelier.application.port.Secret;
import java.time.Duration;
import java.util.List;

/**
 * How addresses of outputs are signed, so that a page can show a picture without a credential.
 *
 * @param keys the first one signs, any of them verifies, so that one can replace another; the same
 *     on every instance
 * @param lifetime how long a signed address is good at least
 */
public record LinkSigning(List<Secret> keys, Duration lifetime) {
  private static final int MIN_KEY_LENGTH = 32;

  /**
   * @throws IllegalArgumentException when there is no key, or one that could be guessed
   */
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
