package dev.atelier.application.settle;

import dev.atelier.domain.Failure;
import dev.atelier.domain.Generation;
import dev.atelier.domain.Model;
import dev.atelier.domain.State;
import java.time.Duration;
import java.time.Instant;

/**
 * When an unfinished generation is due again, and when it is overdue.
 *
 * @param confirmWithin how long the outcome of a create call may stay unknown
 */
public record RetrySchedule(
    Duration confirmWithin, Duration imageWithin, Duration videoWithin, Duration audioWithin) {
  /** The timeouts of Skytells' own apps. */
  public static final RetrySchedule DEFAULT =
      new RetrySchedule(
          Duration.ofMinutes(10),
          Duration.ofMinutes(15),
          Duration.ofMinutes(30),
          Duration.ofMinutes(20));

  /** Outputs expire after five minutes. */
  private static final long[] STORE_SECONDS = {1, 2, 4, 8, 15};

  /** Some accounts allow only 25 calls a minute. */
  private static final long[] OBSERVE_SECONDS = {10, 20, 40, 60};

  /** While the rate allows to look up everything that is due. */
  private static final long[] OBSERVE_SOON_SECONDS = {10, 15};

  /**
   * When the generation is due again.
   *
   * @param attempts since the last change, from 0
   */
  public Instant nextAttempt(Generation generation, int attempts, Instant now) {
    return next(generation, attempts, now, OBSERVE_SECONDS);
  }

  /** As {@link #nextAttempt}, while the rate allows to look up everything that is due. */
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

  public static Failure overdueFailure(Generation generation) {
    return isUnconfirmed(generation)
        ? new Failure(
            Failure.Code.SUBMISSION_UNCONFIRMED, "no webhook, and not in the list of the provider")
        : new Failure(Failure.Code.TIMED_OUT, "the prediction did not end in time");
  }
}
