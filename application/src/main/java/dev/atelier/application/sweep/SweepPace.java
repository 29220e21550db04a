package dev.atelier.application.sweep;

import dev.atelier.application.port.Generations;
import dev.atelier.application.port.RequestLimits;
import dev.atelier.application.port.RequestLimits.Limit;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The rate at which all instances together may poll Skytells. The sweep uses at most 75 % of the
 * account's limit that remains after creates and a reserve. If the limit is unknown, it makes one
 * call per four accepted creates, and at least {@link #STANDARD} calls per minute; after a 429 it
 * makes {@link #STANDARD}, or half of that in the first minute. Not thread-safe.
 */
final class SweepPace {
  /** Calls per minute; below the limit of the smallest accounts, 25. */
  static final int STANDARD = 24;

  /** Calls per minute even if creates use up the limit, because paid outputs would expire. */
  static final int MINIMUM = 6;

  /** Calls: the list and two lookups. */
  static final int SMALLEST_ROUND = 3;

  private static final int MAXIMUM = 600;

  private static final int CREATES_PER_CALL = 4;

  /** One in this many requests of the limit is reserved for bursts of creates. */
  private static final int RESERVE_SHARE = 10;

  /** The share of the rest that the sweep uses; the number of creates may grow. */
  private static final double SHARE_OF_REST = 0.75;

  private static final Duration LIMIT_IS_KNOWN_FOR = Duration.ofMinutes(2);
  private static final Duration COUNT_IS_VALID_FOR = Duration.ofSeconds(5);

  /** How long after a 429 the rate does not exceed {@link #STANDARD}, without a known limit. */
  private static final Duration REFUSAL_COUNTS_FOR = Duration.ofMinutes(5);

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration QUARTER = MINUTE.dividedBy(4);

  private static final int PAGE = 50;

  /**
   * Creates per minute. At a lower rate, a prediction is still on the first page of the list when
   * its first lookup is due.
   */
  private static final int MANY_CREATES = 120;

  /** How long after a lost webhook more losses are expected. */
  private static final Duration LOSS_PERIOD = Duration.ofMinutes(10);

  private final Generations generations;
  private final Supplier<RequestLimits> limits;
  private Instant countedAt = Instant.MIN;
  private Instant lastLossAt = Instant.MIN;
  private int accepted;

  SweepPace(Generations generations, Supplier<RequestLimits> limits) {
    this.generations = generations;
    this.limits = limits;
  }

  int callsPerMinute(Instant now) {
    RequestLimits known = limits.get();
    if (isReserved(known, now)) {
      return MINIMUM;
    }
    int creates = accepted(now);
    Optional<Limit> recent =
        known.latest().filter(limit -> isRecent(limit.observedAt(), LIMIT_IS_KNOWN_FOR, now));
    int calls =
        recent
            .map(limit -> (int) (SHARE_OF_REST * (perMinute(limit) - creates - reserve(limit))))
            .orElseGet(
                () ->
                    wasRefused(known, REFUSAL_COUNTS_FOR, now)
                        ? STANDARD
                        : Math.max(STANDARD, creates / CREATES_PER_CALL));
    int halved = wasRefused(known, MINUTE, now) ? calls / 2 : calls;
    return Math.clamp(halved, MINIMUM, MAXIMUM);
  }

  private static boolean wasRefused(RequestLimits known, Duration within, Instant now) {
    return known.refusedAt().filter(at -> isRecent(at, within, now)).isPresent();
  }

  private static boolean isRecent(Instant at, Duration within, Instant now) {
    return at.plus(within).isAfter(now);
  }

  private static double perMinute(Limit limit) {
    return limit.requests() * (double) MINUTE.toMillis() / limit.window().toMillis();
  }

  private static int reserve(Limit limit) {
    return Math.max(2, limit.requests() / RESERVE_SHARE);
  }

  /**
   * The pause after a round, per call made in it. It keeps every minute within the rate, even a
   * minute that ends with a full round.
   */
  Duration pausePerCall(Instant now) {
    return MINUTE.dividedBy(callsPerMinute(now) - callsPerRound(now) + 1);
  }

  int callsPerRound(Instant now) {
    return Math.max(SMALLEST_ROUND, callsPerMinute(now) / 15);
  }

  /** Whether the remaining requests are reserved for creates. Old headers do not count. */
  boolean isReserved(Instant now) {
    return isReserved(limits.get(), now);
  }

  private static boolean isReserved(RequestLimits known, Instant now) {
    return known
        .latest()
        .filter(limit -> limit.remaining() <= reserve(limit))
        .filter(limit -> isRecent(limit.observedAt(), limit.window().dividedBy(6), now))
        .isPresent();
  }

  /** A prediction was found ended although no webhook came. */
  void recordLoss(Instant now) {
    lastLossAt = now;
  }

  /**
   * Whether to read the newest predictions even if nothing is due: while webhooks are being lost
   * and predictions leave the first page before they are due. Successive pages overlap.
   *
   * @param readAt when any instance last read them
   */
  boolean isListDue(Optional<Instant> readAt, Instant now) {
    int creates = accepted(now);
    if (creates < MANY_CREATES || !isRecent(lastLossAt, LOSS_PERIOD, now)) {
      return false;
    }
    Duration wanted = MINUTE.multipliedBy(PAGE).dividedBy(creates).multipliedBy(2).dividedBy(5);
    Duration affordable = pausePerCall(now).multipliedBy(2);
    Duration interval = wanted.compareTo(affordable) > 0 ? wanted : affordable;
    return readAt.filter(at -> isRecent(at, interval, now)).isEmpty();
  }

  /** Per minute: the higher rate of the last minute and its last quarter. */
  private int accepted(Instant now) {
    if (!isRecent(countedAt, COUNT_IS_VALID_FOR, now) || countedAt.isAfter(now)) {
      accepted =
          Math.max(
              generations.acceptedSince(now.minus(MINUTE)),
              4 * generations.acceptedSince(now.minus(QUARTER)));
      countedAt = now;
    }
    return accepted;
  }
}
