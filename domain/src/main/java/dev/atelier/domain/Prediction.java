package dev.atelier.domain;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The state of a prediction as observed in a webhook, a poll or a create response. */
public sealed interface Prediction extends Observation {
  PredictionId id();

  default boolean hasEnded() {
    return switch (this) {
      case Queued _, Processing _ -> false;
      case Succeeded _, Unreadable _, Failed _, Canceled _ -> true;
    };
  }

  /** Known only once it has ended. */
  default Billed billed() {
    return Billed.UNKNOWN;
  }

  record Queued(PredictionId id) implements Prediction {}

  record Processing(PredictionId id) implements Prediction {}

  /**
   * Succeeded.
   *
   * @param outputs in the provider's order; none counts as a failure
   */
  record Succeeded(
      PredictionId id, List<Output> outputs, Optional<Instant> completedAt, Billed billed)
      implements Prediction {
    public Succeeded {
      outputs = List.copyOf(outputs);
    }

    public Succeeded(PredictionId id, List<Output> outputs, Optional<Instant> completedAt) {
      this(id, outputs, completedAt, Billed.UNKNOWN);
    }
  }

  /**
   * Succeeded, but its output contains no recognizable result. A later reading may find one.
   *
   * @param structure member names and types of the output, without values
   */
  record Unreadable(PredictionId id, String structure, Billed billed) implements Prediction {
    public Unreadable(PredictionId id, String structure) {
      this(id, structure, Billed.UNKNOWN);
    }
  }

  record Failed(PredictionId id, Failure failure, Billed billed) implements Prediction {
    public Failed(PredictionId id, Failure failure) {
      this(id, failure, Billed.UNKNOWN);
    }
  }

  record Canceled(PredictionId id, Billed billed) implements Prediction {
    public Canceled(PredictionId id) {
      this(id, Billed.UNKNOWN);
    }
  }
}
