package dev.atelier.application.port;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What the provider has said about how many requests the account may make. All keys of an account
 * share its limits, so other instances and other programs use them up as well.
 *
 * @param latest the limit that the latest answer named, if it named one
 * @param refusedAt when a request was last refused because there were too many (429)
 */
public record RequestLimits(Optional<Limit> latest, Optional<Instant> refusedAt) {
  /** Nothing was said. */
  public static final RequestLimits UNKNOWN = new RequestLimits(Optional.empty(), Optional.empty());

  /**
   * A limit on requests.
   *
   * @param requests how many are allowed in a window
   * @param remaining how many of them were left
   * @param window how long a window is
   * @param heardAt when that was so
   */
  public record Limit(int requests, int remaining, Duration window, Instant heardAt) {}
}
