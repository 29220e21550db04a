package dev.atelier.domain;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Skytells' work for a generation, as it was seen once: in a webhook, in the answer to a poll, or
 * in the create reply. All three are the same thing.
 */
public sealed interface Prediction extends Observation {
  /** Which prediction was seen. */
  PredictionId id();

  /** Whether it has come to its end, well or badly. */
  default boolean hasEnded() {
    return switch (this) {
      case Queued _, Processing _ -> false;
      case Succeeded _, Unreadable _, Failed _, Canceled _ -> true;
    };
  }

  /** Accepted, not begun. */
  record Queued(PredictionId id) implements Prediction {}

  /** At work. */
  record Processing(PredictionId id) implements Prediction {}

  /**
   * Finished well.
   *
   * @param outputs in the provider's order; may be empty, which is a failure for us
   * @param completedAt when Skytells says it ended, if it says so
   */
  record Succeeded(PredictionId id, List<Output> outputs, Optional<Instant> completedAt)
      implements Prediction {
    /** Copies the list. */
    public Succeeded {
      outputs = List.copyOf(outputs);
    }
  }

  /**
   * Succeeded, but no result could be found in its output. A later reading may find one.
   *
   * @param structure member names and types of the output, without values; for the operator
   */
  record Unreadable(PredictionId id, String structure) implements Prediction {}

  /** Ended badly. */
  record Failed(PredictionId id, Failure failure) implements Prediction {}

  /** Called off. */
  record Canceled(PredictionId id) implements Prediction {}
}
