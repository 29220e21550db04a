package dev.atelier.application.port;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The rate limits that the provider has reported. All keys of an account share them, so other
 * instances and programs use them up as well.
 *
 * @param latest from the latest response that stated a limit
 * @param refusedAt when the latest 429 was received
 */
public record RequestLimits(Optional<Limit> latest, Optional<Instant> refusedAt) {
  /** No limit was reported. */
  public static final RequestLimits UNKNOWN = new RequestLimits(Optional.empty(), Optional.empty());

  /**
   * A limit on requests.
   *
   * @param requests allowed per window
   * @param remaining left at {@code observedAt}
   * @param window its length
   * @param observedAt when the response was received
   */
  public record Limit(int requests, int remaining, Duration window, Instant observedAt) {}
}
