package dev.atelier.skytells.sandbox.api;

import dev.atelier.skytells.sandbox.http.FullResponse;
import dev.atelier.skytells.sandbox.http.RefusedException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;

/** Limits the sandbox's requests per minute and writes the rate-limit headers. Thread-safe. */
public final class RateLimit {
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final int perMinute;
  private final Clock clock;
  private final Deque<Instant> requests = new ArrayDeque<>();

  public RateLimit(int perMinute, Clock clock) {
    this.perMinute = perMinute;
    this.clock = clock;
  }

  /**
   * @throws RefusedException with 429 if the limit is reached
   */
  synchronized void take() throws RefusedException {
    if (perMinute == 0) {
      return;
    }
    Instant now = clock.instant();
    removeBefore(now.minus(WINDOW));
    if (requests.size() >= perMinute) {
      Duration wait = Duration.between(now, requests.getFirst().plus(WINDOW));
      throw new RefusedException(busy(wait.plusMillis(999).toSeconds()));
    }
    requests.addLast(now);
  }

  static FullResponse busy(long seconds) {
    return FullResponse.flatError(
            429, "RATE_LIMIT_EXCEEDED", "Too many requests. Please wait before retrying.")
        .with("Retry-After", Long.toString(seconds));
  }

  /** Rounds up, because the date has no fractions of a second. */
  FullResponse busyByDate(long seconds) {
    Instant retryAt = clock.instant().plusSeconds(seconds).plusMillis(999);
    return busy(seconds)
        .with(
            "Retry-After",
            DateTimeFormatter.RFC_1123_DATE_TIME.format(retryAt.atOffset(ZoneOffset.UTC)));
  }

  /** A dash means no limit. */
  synchronized FullResponse withHeaders(FullResponse fullResponse) {
    String limit = perMinute == 0 ? "-" : Integer.toString(perMinute);
    String remaining = perMinute == 0 ? "-" : Integer.toString(perMinute - requests.size());
    FullResponse result =
        fullResponse
            .with("x-skytells-ratelimit-limit-requests", limit)
            .with("x-skytells-ratelimit-remaining-requests", remaining)
            .with("x-skytells-ratelimit-window", Long.toString(WINDOW.toSeconds()));
    if (perMinute == 0) {
      return result;
    }
    Instant reset = requests.isEmpty() ? clock.instant() : requests.getFirst().plus(WINDOW);
    return result
        .with("X-RateLimit-Limit-RPM", limit)
        .with("X-RateLimit-Remaining-RPM", remaining)
        .with("X-RateLimit-Reset", Long.toString(reset.getEpochSecond()));
  }

  private void removeBefore(Instant start) {
    while (!requests.isEmpty() && !requests.getFirst().isAfter(start)) {
      requests.removeFirst();
    }
  }
}
