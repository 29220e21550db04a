package dev.atelier.http;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Who may call, how often, and from which pages.
 *
 * @param auth how callers show who they are
 * @param links how addresses of outputs are signed; empty does not sign them
 * @param requestsPerMinute how often each caller may call; empty for as often as they like
 * @param corsOrigins of the pages that may call from a browser, as its {@code Origin} header names
 *     them; {@code *} lets every page
 */
public record Access(
    Auth auth,
    Optional<LinkSigning> links,
    OptionalInt requestsPerMinute,
    Set<String> corsOrigins) {
  /**
   * @throws IllegalArgumentException when nobody could ever call
   */
  public Access {
    corsOrigins = Set.copyOf(corsOrigins);
    if (requestsPerMinute.isPresent() && requestsPerMinute.getAsInt() < 1) {
      throw new IllegalArgumentException("requestsPerMinute must be positive");
    }
  }
}
