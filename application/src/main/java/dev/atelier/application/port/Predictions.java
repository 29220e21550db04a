package dev.atelier.application.port;

import dev.atelier.domain.Failure;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.GenerationRequest;
import dev.atelier.domain.Prediction;
import java.time.Duration;
import java.util.Optional;

/** Skytells' predictions: paid work. No method throws for anything that Skytells does or says. */
public interface Predictions {
  /**
   * Asks Skytells for a prediction, to be reported to the webhook of this generation. It costs
   * money and cannot be repeated safely, so it is sent again only while it is certain that nothing
   * was accepted.
   *
   * @param id goes into the webhook's address, so that even a webhook that comes before this
   *     returns finds its generation
   */
  Submission submit(GenerationId id, GenerationRequest request);

  /** What became of a submission. */
  sealed interface Submission {
    /**
     * Skytells has taken it on.
     *
     * @param prediction may have ended already
     */
    record Accepted(Prediction prediction) implements Submission {}

    /**
     * Skytells has certainly not taken it on.
     *
     * @param retryAfter when Skytells would like to be asked again, if it said so
     */
    record Refused(Failure failure, Optional<Duration> retryAfter) implements Submission {}

    /**
     * It may have been taken on: the answer was lost, late or unreadable.
     *
     * @param diagnostic what happened, for the operator's log; without upstream's words
     */
    record Unconfirmed(String diagnostic) implements Submission {}
  }
}
