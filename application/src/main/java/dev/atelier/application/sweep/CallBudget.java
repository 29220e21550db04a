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
 * What one round of the sweep may still ask Skytells. A call that fails ends the round only where
 * it says that other calls would fail too: the account is refused or busy, or several different
 * predictions failed in a row. One prediction that always fails is not an outage.
 */
final class CallBudget {
  private static final Logger log = LoggerFactory.getLogger(CallBudget.class);

  /** Shorter than the lease of what the round has claimed. */
  private static final Duration ROUND_AT_MOST = Duration.ofSeconds(20);

  /** So many different subjects in a row that have not failed before. */
  private static final int FAILURES_OF_AN_OUTAGE = 5;

  /** How long to leave a Skytells alone that is broken and names no time. */
  private static final Duration PAUSE_WHEN_BROKEN = Duration.ofSeconds(10);

  private final Clock clock;
  private final Instant end;
  private final int limit;
  private final Predicate<Instant> reserved;
  private final Set<Object> knownToFail;
  private final Set<Object> failedInARow = new HashSet<>();
  private int calls;
  private Optional<Instant> outageUntil = Optional.empty();

  /**
   * Begins a round.
   *
   * @param limit the most calls
   * @param reserved whether the account's limit leaves room only for a smallest round at that time
   * @param knownToFail what failed in earlier rounds; kept up to date
   */
  CallBudget(Clock clock, int limit, Predicate<Instant> reserved, Set<Object> knownToFail) {
    this.clock = clock;
    this.end = clock.instant().plus(ROUND_AT_MOST);
    this.limit = limit;
    this.reserved = reserved;
    this.knownToFail = knownToFail;
  }

  boolean mayAsk() {
    Instant now = clock.instant();
    return calls < limit
        && outageUntil.isEmpty()
        && now.isBefore(end)
        && (calls < SweepPace.SMALLEST_ROUND || !reserved.test(now));
  }

  /** How many calls are left, if no failure ends the round. */
  int left() {
    return limit - calls;
  }

  int calls() {
    return calls;
  }

  /** Counts a call that is about to be made. */
  void spend() {
    calls++;
  }

  /** The call about that subject was answered. */
  void answered(Object subject) {
    failedInARow.clear();
    knownToFail.remove(subject);
  }

  /** The call about that subject was answered, but Skytells says that there is no such thing. */
  void foundNothing(Object subject) {
    failedInARow.clear();
    knownToFail.add(subject);
  }

  /** Whether the latest call about that subject showed nothing, in this round or an earlier one. */
  boolean isKnownToFail(Object subject) {
    return knownToFail.contains(subject);
  }

  /** The call about that subject, a prediction or the list, was not answered. */
  void failed(Object subject, Unavailable unavailable) {
    if (knownToFail.add(subject)) {
      failedInARow.add(subject);
    }
    boolean outage =
        switch (unavailable.extent()) {
          case ACCOUNT -> true;
          case CALL -> failedInARow.size() >= FAILURES_OF_AN_OUTAGE;
        };
    if (outage) {
      Duration pause = unavailable.retryAfter().orElse(PAUSE_WHEN_BROKEN);
      outageUntil = Optional.of(clock.instant().plus(pause));
      log.warn("Skytells cannot be polled; next attempt in {} s", pause.toSeconds());
    }
  }

  /** When to ask again; empty unless Skytells as a whole cannot be asked. */
  Optional<Instant> outageUntil() {
    return outageUntil;
  }
}
