package dev.atelier.domain;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The state of a prediction as observed in a webhook, a poll or a create response. */
public sealed interface Prediction extends Observation {
  /** Its id. */
  PredictionId id();

  /** Whether it has ended. */
  default boolean hasEnded() {
    return switch (this) {
      case Queued _, Processing _ -> false;
      case Succeeded _, Unreadable _, Failed _, Canceled _ -> true;
    };
  }

  /** What the provider reports about the bill, once it has ended. */
  default Billed billed() {
    return Billed.UNKNOWN;
  }

  /** Accepted, not started. */
  record Queued(PredictionId id) implements Prediction {}

  /** Running. */
  record Processing(PredictionId id) implements Prediction {}

  /**
   * Succeeded.
   *
   * @param outputs in the provider's order; none counts as a failure
   * @param completedAt if the provider states it
   */
  record Succeeded(
      PredictionId id, List<Output> outputs, Optional<Instant> completedAt, Billed billed)
      implements Prediction {
    public Succeeded {
      outputs = List.copyOf(outputs);
    }

    /** Without a report about the bill. */
    public Succeeded(PredictionId id, List<Output> outputs, Optional<Instant> completedAt) {
      this(id, outputs, completedAt, Billed.UNKNOWN);
    }
  }

  /**
   * Succeeded, but no result could be found in its output. A later reading may find one.
   *
   * @param structure member names and types of the output, without values; for the operator
   */
  record Unreadable(PredictionId id, String structure, Billed billed) implements Prediction {
    /** Without a report about the bill. */
    public Unreadable(PredictionId id, String structure) {
      this(id, structure, Billed.UNKNOWN);
    }
  }

  /** Failed. */
  record Failed(PredictionId id, Failure failure, Billed billed) implements Prediction {
    /** Without a report about the bill. */
    public Failed(PredictionId id, Failure failure) {
      this(id, failure, Billed.UNKNOWN);
    }
  }

  /** Canceled. */
  record Canceled(PredictionId id, Billed billed) implements Prediction {
    /** Without a report about the bill. */
    public Canceled(PredictionId id) {
      this(id, Billed.UNKNOWN);
    }
  }
}
