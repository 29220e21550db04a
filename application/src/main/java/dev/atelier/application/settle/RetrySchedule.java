package dev.atelier.application.settle;

import dev.atelier.domain.Failure;
import dev.atelier.domain.Generation;
import dev.atelier.domain.Model;
import dev.atelier.domain.State;
import java.time.Duration;
import java.time.Instant;

/**
 * When an unfinished generation is due again, and when it fails because it is overdue.
 *
 * @param confirmWithin how long the outcome of a create call may stay unknown
 * @param imageWithin how long an image prediction may take
 * @param videoWithin how long a video prediction may take
 * @param audioWithin how long an audio prediction may take
 */
public record RetrySchedule(
    Duration confirmWithin, Duration imageWithin, Duration videoWithin, Duration audioWithin) {
  /** The timeouts for images, videos and audio are those of Skytells' own apps. */
  public static final RetrySchedule DEFAULT =
      new RetrySchedule(
          Duration.ofMinutes(10),
          Duration.ofMinutes(15),
          Duration.ofMinutes(30),
          Duration.ofMinutes(20));

  /** Delays between attempts to store; outputs expire after five minutes. */
  private static final long[] STORE_SECONDS = {1, 2, 4, 8, 15};

  /** Delays between lookups: outputs expire, but some accounts allow only 25 calls a minute. */
  private static final long[] OBSERVE_SECONDS = {10, 20, 40, 60};

  /** Delays between lookups while the rate allows to look up everything that is due. */
  private static final long[] OBSERVE_SOON_SECONDS = {10, 15};

  /**
   * When the generation is due again.
   *
   * @param attempts since its last change, from 0
   */
  public Instant nextAttempt(Generation generation, int attempts, Instant now) {
    return next(generation, attempts, now, OBSERVE_SECONDS);
  }

  /** When the generation is due again while the rate allows to look up everything that is due. */
  public Instant nextAttemptSoon(Generation generation, int attempts, Instant now) {
    return next(generation, attempts, now, OBSERVE_SOON_SECONDS);
  }

  private static Instant next(Generation generation, int attempts, Instant now, long[] observe) {
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
    return now.plusSeconds(seconds[Math.min(attempts, seconds.length - 1)]);
  }

  public boolean isOverdue(Generation generation, Instant now) {
    Duration timeout =
        isUnconfirmed(generation) ? confirmWithin : timeout(generation.request().model().kind());
    return !now.isBefore(generation.createdAt().plus(timeout));
  }

  /** How long a prediction of this kind may take. */
  public Duration timeout(Model.Kind kind) {
    return switch (kind) {
      case IMAGE -> imageWithin;
      case VIDEO -> videoWithin;
      case AUDIO -> audioWithin;
    };
  }

  private static boolean isUnconfirmed(Generation generation) {
    return generation.state().prediction().isEmpty();
  }

  /** The failure of an overdue generation. */
  public static Failure overdueFailure(Generation generation) {
    return isUnconfirmed(generation)
        ? new Failure(
            Failure.Code.SUBMISSION_UNCONFIRMED, "no webhook, and not in the list of the provider")
        : new Failure(Failure.Code.TIMED_OUT, "the prediction did not end in time");
  }
}
