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

/** So many requests in any minute, as Skytells counts them. Safe to share. */
public final class RateLimit {
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final int perMinute;
  private final Clock clock;
  private final Deque<Instant> taken = new ArrayDeque<>();

  public RateLimit(int perMinute, Clock clock) {
    this.perMinute = perMinute;
    this.clock = clock;
  }

  /**
   * Counts a request.
   *
   * @throws RefusedException with a 429 when there is no room for it
   */
  synchronized void take() throws RefusedException {
    if (perMinute == 0) {
      return;
    }
    Instant now = clock.instant();
    removeBefore(now.minus(WINDOW));
    if (taken.size() >= perMinute) {
      Duration wait = Duration.between(now, taken.getFirst().plus(WINDOW));
      throw new RefusedException(busy(wait.plusMillis(999).toSeconds()));
    }
    taken.addLast(now);
  }

  /** What a client gets that has to wait. */
  static FullResponse busy(long seconds) {
    return FullResponse.flatError(
            429, "RATE_LIMIT_EXCEEDED", "Too many requests. Please wait before retrying.")
        .with("Retry-After", Long.toString(seconds));
  }

  /** The same, asked for by naming the time: a header's date has no fractions of a second. */
  FullResponse busyByDate(long seconds) {
    Instant then = clock.instant().plusSeconds(seconds).plusMillis(999);
    return busy(seconds)
        .with(
            "Retry-After",
            DateTimeFormatter.RFC_1123_DATE_TIME.format(then.atOffset(ZoneOffset.UTC)));
  }

  /** Tells the state in both families of headers; a limit that is not set is a dash. */
  synchronized FullResponse tell(FullResponse fullResponse) {
    String limit = perMinute == 0 ? "-" : Integer.toString(perMinute);
    String left = perMinute == 0 ? "-" : Integer.toString(perMinute - taken.size());
    FullResponse told =
        fullResponse
            .with("x-skytells-ratelimit-limit-requests", limit)
            .with("x-skytells-ratelimit-remaining-requests", left)
            .with("x-skytells-ratelimit-window", Long.toString(WINDOW.toSeconds()));
    if (perMinute == 0) {
      return told;
    }
    Instant free = taken.isEmpty() ? clock.instant() : taken.getFirst().plus(WINDOW);
    return told.with("X-RateLimit-Limit-RPM", limit)
        .with("X-RateLimit-Remaining-RPM", left)
        .with("X-RateLimit-Reset", Long.toString(free.getEpochSecond()));
  }

  private void removeBefore(Instant start) {
    while (!taken.isEmpty() && !taken.getFirst().isAfter(start)) {
      taken.removeFirst();
    }
  }
}
