package dev.atelier.skytells.client;

import dev.atelier.application.port.RequestLimits;
import dev.atelier.application.port.RequestLimits.Limit;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The account's rate limit from either family of response headers. Thread-safe. */
final class RateLimitHeaders {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  private final Clock clock;
  private RequestLimits latest = RequestLimits.UNKNOWN;

  RateLimitHeaders(Clock clock) {
    this.clock = clock;
  }

  synchronized RequestLimits latest() {
    return latest;
  }

  synchronized void read(int status, Function<String, Optional<String>> header) {
    Instant now = clock.instant();
    Optional<Limit> limit =
        limit(
                header,
                "x-skytells-ratelimit-limit-requests",
                "x-skytells-ratelimit-remaining-requests",
                number(header, "x-skytells-ratelimit-window")
                    .filter(seconds -> seconds > 0)
                    .map(Duration::ofSeconds)
                    .orElse(MINUTE),
                now)
            .or(
                () ->
                    limit(
                        header, "X-RateLimit-Limit-RPM", "X-RateLimit-Remaining-RPM", MINUTE, now));
    boolean refused = status == 429;
    latest =
        new RequestLimits(
            limit.or(latest::latest), refused ? Optional.of(now) : latest.refusedAt());
  }

  private static Optional<Limit> limit(
      Function<String, Optional<String>> header,
      String limitName,
      String remainingName,
      Duration window,
      Instant now) {
    return number(header, limitName)
        .filter(requests -> requests > 0)
        .map(
            requests ->
                new Limit(requests, number(header, remainingName).orElse(requests), window, now));
  }

  private static Optional<Integer> number(Function<String, Optional<String>> header, String name) {
    return header
        .apply(name)
        .map(String::strip)
        .filter(text -> NUMBER.matcher(text).matches())
        .map(Integer::valueOf);
  }
}
