package dev.atelier.application.settle;

import dev.atelier.domain.Failure;
import dev.atelier.domain.Generation;
import dev.atelier.domain.Model;
import dev.atelier.domain.State;
import java.time.Duration;
import java.time.Instant;

/**
 * When to look again at a generation that was looked at in vain, and when to give it up.
 *
 * @param confirmWithin how long a create call's outcome may stay unknown
 * @param imageWithin how long Skytells may work on a picture
 * @param videoWithin how long Skytells may work on a video
 */
public record RetrySchedule(Duration confirmWithin, Duration imageWithin, Duration videoWithin) {
  /** Ten minutes; a quarter of an hour; half an hour, as Skytells' own apps wait. */
  public static final RetrySchedule DEFAULT =
      new RetrySchedule(Duration.ofMinutes(10), Duration.ofMinutes(15), Duration.ofMinutes(30));

  /** Outputs have five minutes: quick at first, and never slow. */
  private static final long[] STORE_SECONDS = {1, 2, 4, 8, 15};

  /**
   * A prediction that has ended unheard of is to be found while there is still time to store it,
   * and Skytells allows some accounts 25 requests a minute.
   */
  private static final long[] OBSERVE_SECONDS = {10, 20, 40, 60};

  /** The same while the pace allows to look at everything that is due. */
  private static final long[] OBSERVE_SOON_SECONDS = {10, 15};

  /**
   * When to look again.
   *
   * @param looks how often it was looked at before since its last move, from 0
   */
  public Instant nextLook(Generation generation, int looks, Instant now) {
    return next(generation, looks, now, OBSERVE_SECONDS);
  }

  /** When to look again while there is time to look at everything that is due. */
  public Instant nextLookSoon(Generation generation, int looks, Instant now) {
    return next(generation, looks, now, OBSERVE_SOON_SECONDS);
  }

  private static Instant next(Generation generation, int looks, Instant now, long[] observe) {
    long[] seconds =
        switch (generation.state()) {
          case State.Storing _ -> STORE_SECONDS;
          case State.Submitting _,
              State.Queued _,
              State.Processing _,
              State.Canceling _,
              State.Succeeded _,
              State.Failed _,
              State.Canceled _ ->
              observe;
        };
    return now.plusSeconds(seconds[Math.min(looks, seconds.length - 1)]);
  }

  /** Whether to wait no longer. */
  public boolean isOverdue(Generation generation, Instant now) {
    Duration patience =
        isUnconfirmed(generation)
            ? confirmWithin
            : generation.request().model().kind() == Model.Kind.VIDEO ? videoWithin : imageWithin;
    return !now.isBefore(generation.createdAt().plus(patience));
  }

  private static boolean isUnconfirmed(Generation generation) {
    return generation.state().prediction().isEmpty();
  }

  /** What a generation fails with that is given up. */
  public static Failure giveUp(Generation generation) {
    return isUnconfirmed(generation)
        ? new Failure(Failure.Code.SUBMISSION_UNCONFIRMED, "not heard of, and not in the list")
        : new Failure(Failure.Code.TIMED_OUT, "not ended in time");
  }
}
