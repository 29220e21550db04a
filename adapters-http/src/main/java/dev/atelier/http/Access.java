package dev.atelier.http;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * Who may call, and how often.
 *
 * @param auth how callers show who they are
 * @param links how addresses of outputs are signed; empty does not sign them
 * @param requestsPerMinute how often each caller may call; empty for as often as they like
 */
public record Access(Auth auth, Optional<LinkSigning> links, OptionalInt requestsPerMinute) {
  /**
   * @throws IllegalArgumentException when nobody could ever call
   */
  public Access {
    if (requestsPerMinute.isPresent() && requestsPerMinute.getAsInt() < 1) {
      throw new IllegalArgumentException("requestsPerMinute must be positive");
    }
  }
}
