package dev.atelier.application.sweep;

import dev.atelier.application.port.Generations;
import dev.atelier.application.port.RequestLimits;
import dev.atelier.application.port.RequestLimits.Limit;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The rate at which all instances together may poll Skytells: 75 % of the account's limit that
 * remains after creates and a reserve. If the limit is unknown: one call per four accepted creates,
 * at least {@link #STANDARD} per minute; after a 429 {@link #STANDARD}, and half of that in the
 * first minute. Not thread-safe.
 */
final class SweepPace {
  /** Per minute; the smallest accounts allow 25. */
  static final int STANDARD = 24;

  /** Per minute even if creates use up the limit, because paid outputs would expire. */
  static final int MINIMUM = 6;

  /** The list and two lookups. */
  static final int SMALLEST_ROUND = 3;

  private static final int MAXIMUM = 600;

  private static final int CREATES_PER_CALL = 4;

  /** One in this many requests is reserved for bursts of creates. */
  private static final int RESERVE_SHARE = 10;

  /** The number of creates may grow. */
  private static final double SHARE_OF_REST = 0.75;

  private static final Duration LIMIT_IS_KNOWN_FOR = Duration.ofMinutes(2);
  private static final Duration COUNT_IS_VALID_FOR = Duration.ofSeconds(5);

  /** While the limit is unknown. */
  private static final Duration REFUSAL_COUNTS_FOR = Duration.ofMinutes(5);

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration QUARTER = MINUTE.dividedBy(4);

  private static final int PAGE = 50;

  /**
   * Per minute. With fewer, a prediction is still on the first page of the list when its first
   * lookup is due.
   */
  private static final int MANY_CREATES = 120;

  /** After a lost webhook more losses are expected. */
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
   * Per call of the last round. Keeps every minute within the rate, even one that ends with a full
   * round.
   */
  Duration pausePerCall(Instant now) {
    return MINUTE.dividedBy(callsPerMinute(now) - callsPerRound(now) + 1);
  }

  int callsPerRound(Instant now) {
    return Math.max(SMALLEST_ROUND, callsPerMinute(now) / 15);
  }

  /** Whether the rest is reserved for creates; old headers do not count. */
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

  /** A prediction had ended without a webhook. */
  void recordLoss(Instant now) {
    lastLossAt = now;
  }

  /**
   * Whether to read the newest predictions even if nothing is due: while webhooks are being lost
   * and predictions leave the first page before they are due.
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
