package dev.atelier.application.sweep;

import dev.atelier.application.port.Generations;
import dev.atelier.application.port.RequestLimits;
import dev.atelier.application.port.RequestLimits.Limit;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How often the sweep of all instances may ask Skytells. Creates go first: the sweep takes what the
 * account's limit leaves beside them, less a reserve. Where no limit is known, it takes a share of
 * the creates that Skytells accepts, and at least what the smallest account allows.
 *
 * <p>Safe to use by one thread at a time.
 */
final class SweepPace {
  /** Below the 25 requests a minute of the smallest accounts. */
  static final int STANDARD = 24;

  /** Even an account that is used up by creates is asked so often: paid outputs are at stake. */
  static final int MINIMUM = 6;

  /** The list, and two lookups. */
  static final int SMALLEST_ROUND = 3;

  private static final int MAXIMUM = 600;

  /** One call for so many accepted creates. */
  private static final int CREATES_PER_CALL = 4;

  /** What is left for creates that come all at once: one in so many requests of the limit. */
  private static final int RESERVE_SHARE = 10;

  /** How much the sweep takes of what creates and the reserve leave: creates may get more. */
  private static final double SHARE_OF_REST = 0.75;

  private static final Duration LIMIT_IS_KNOWN_FOR = Duration.ofMinutes(2);
  private static final Duration COUNT_IS_VALID_FOR = Duration.ofSeconds(5);

  /** How long a refusal shows that there is no room beyond the standard pace. */
  private static final Duration REFUSAL_COUNTS_FOR = Duration.ofMinutes(5);

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration QUARTER = MINUTE.dividedBy(4);

  /** A page of the list; the newest predictions are no more than these. */
  private static final int PAGE = 50;

  /** Below so many creates a minute a page shows everything until it is due. */
  private static final int FAST = 120;

  /** How long one lost webhook makes others likely. */
  private static final Duration LOSSES_LAST = Duration.ofMinutes(10);

  private final Generations generations;
  private final Supplier<RequestLimits> limits;
  private Instant countedAt = Instant.MIN;
  private Instant lossFoundAt = Instant.MIN;
  private int accepted;

  SweepPace(Generations generations, Supplier<RequestLimits> limits) {
    this.generations = generations;
    this.limits = limits;
  }

  /** Calls a minute of all instances together. */
  int callsPerMinute(Instant now) {
    RequestLimits known = limits.get();
    if (isReserved(known, now)) {
      return MINIMUM;
    }
    int creates = accepted(now);
    Optional<Limit> limit =
        known.latest().filter(it -> isRecent(it.heardAt(), LIMIT_IS_KNOWN_FOR, now));
    int calls =
        limit
            .map(it -> (int) (SHARE_OF_REST * (perMinute(it) - creates - reserve(it))))
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
   * The pause after each call that keeps to the pace in any minute, a round at its end included.
   */
  Duration pausePerCall(Instant now) {
    return MINUTE.dividedBy(callsPerMinute(now) - callsPerRound(now) + 1);
  }

  /** So few that what becomes due meanwhile need not wait long for the next round. */
  int callsPerRound(Instant now) {
    return Math.max(SMALLEST_ROUND, callsPerMinute(now) / 15);
  }

  /**
   * Whether what remains of the account's limit is reserved for creates. It grows again while time
   * passes, so this is forgotten soon.
   */
  boolean isReserved(Instant now) {
    return isReserved(limits.get(), now);
  }

  private static boolean isReserved(RequestLimits known, Instant now) {
    return known
        .latest()
        .filter(it -> it.remaining() <= reserve(it))
        .filter(it -> isRecent(it.heardAt(), it.window().dividedBy(6), now))
        .isPresent();
  }

  /** A generation was looked at because no webhook came, and had ended. */
  void lossFound(Instant now) {
    lossFoundAt = now;
  }

  /**
   * Whether to read the newest predictions in the list though nothing is due: while webhooks get
   * lost, and so many generations are created that a page does not show them any more when they are
   * due. Two reads show no more than a page of new predictions, with time to see them end.
   *
   * @param readAt when they were last read, by whatever instance
   */
  boolean isListDue(Optional<Instant> readAt, Instant now) {
    int creates = accepted(now);
    if (creates < FAST || !isRecent(lossFoundAt, LOSSES_LAST, now)) {
      return false;
    }
    Duration wanted = MINUTE.multipliedBy(PAGE).dividedBy(creates).multipliedBy(2).dividedBy(5);
    Duration affordable = pausePerCall(now).multipliedBy(2);
    Duration interval = wanted.compareTo(affordable) > 0 ? wanted : affordable;
    return readAt.filter(at -> isRecent(at, interval, now)).isEmpty();
  }

  /** Creates accepted in a minute: in the last one, or at the rate of its last quarter. */
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
