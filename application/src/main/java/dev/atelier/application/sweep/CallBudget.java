package dev.atelier.application.sweep;

import dev.atelier.application.port.Predictions.Unavailable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls that one round may make. A failed call ends the round only if others would fail as
 * well: the account is refused or rate-limited, or several different predictions failed in a row.
 */
final class CallBudget {
  private static final Logger log = LoggerFactory.getLogger(CallBudget.class);

  /** Shorter than the lease. */
  private static final Duration MAX_ROUND = Duration.ofSeconds(20);

  /** So many first failures of different subjects in a row are an outage. */
  private static final int OUTAGE_FAILURES = 5;

  /** Without {@code Retry-After}. */
  private static final Duration DEFAULT_OUTAGE_PAUSE = Duration.ofSeconds(10);

  private final Clock clock;
  private final Instant end;
  private final int limit;
  private final Predicate<Instant> reserved;
  private final Set<Object> knownToFail;
  private final Set<Object> consecutiveFailures = new HashSet<>();
  private int made;
  private Optional<Instant> outageUntil = Optional.empty();

  /**
   * @param reserved whether only {@link SweepPace#SMALLEST_ROUND} calls are allowed at that time,
   *     to leave the rest to creates
   * @param knownToFail subjects that failed in earlier rounds; updated
   */
  CallBudget(Clock clock, int limit, Predicate<Instant> reserved, Set<Object> knownToFail) {
    this.clock = clock;
    this.end = clock.instant().plus(MAX_ROUND);
    this.limit = limit;
    this.reserved = reserved;
    this.knownToFail = knownToFail;
  }

  boolean mayCall() {
    Instant now = clock.instant();
    return made < limit
        && outageUntil.isEmpty()
        && now.isBefore(end)
        && (made < SweepPace.SMALLEST_ROUND || !reserved.test(now));
  }

  int remaining() {
    return limit - made;
  }

  int made() {
    return made;
  }

  /** Must be called before the call. */
  void spend() {
    made++;
  }

  void answered(Object subject) {
    consecutiveFailures.clear();
    knownToFail.remove(subject);
  }

  void notFound(Object subject) {
    consecutiveFailures.clear();
    knownToFail.add(subject);
  }

  /** Whether the latest call, in any round, failed or found nothing. */
  boolean isKnownToFail(Object subject) {
    return knownToFail.contains(subject);
  }

  /**
   * @param subject a prediction or the list
   */
  void failed(Object subject, Unavailable unavailable) {
    if (knownToFail.add(subject)) {
      consecutiveFailures.add(subject);
    }
    boolean outage =
        switch (unavailable.extent()) {
          case ACCOUNT -> true;
          case CALL -> consecutiveFailures.size() >= OUTAGE_FAILURES;
        };
    if (outage) {
      Duration pause = unavailable.retryAfter().orElse(DEFAULT_OUTAGE_PAUSE);
      outageUntil = Optional.of(clock.instant().plus(pause));
      log.warn("Skytells unavailable, polling again in {} s", pause.toSeconds());
    }
  }

  Optional<Instant> outageUntil() {
    return outageUntil;
  }
}
