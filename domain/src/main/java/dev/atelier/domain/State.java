package dev.atelier.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The state of a generation. States advance in the order below, except that an unreadable output
 * returns a canceling generation to processing. The last three are final.
 */
public sealed interface State {
  /** How long Skytells keeps outputs after the end, according to its data-retention page. */
  Duration RETENTION = Duration.ofMinutes(5);

  /** How long an unreadable output is polled again. */
  Duration UNREADABLE_TIMEOUT = Duration.ofSeconds(30);

  /** The row is durable; the outcome of the create call is unknown. */
  record Submitting() implements State {}

  record Queued(PredictionId predictionId) implements State {}

  /**
   * The prediction is running.
   *
   * @param unreadableSince when its output was first unreadable; it is polled again
   */
  record Processing(PredictionId predictionId, Optional<Instant> unreadableSince) implements State {
    public Processing(PredictionId predictionId) {
      this(predictionId, Optional.empty());
    }
  }

  /**
   * A cancel is requested. The prediction may still end otherwise; its results are paid for and
   * kept.
   *
   * @param predictionId empty while the outcome of the create call is unknown
   */
  record Canceling(Optional<PredictionId> predictionId) implements State {}

  /**
   * The outputs are being stored.
   *
   * @param outputs at least one, in the provider's order
   * @param expiresAt when the provider deletes them
   */
  record Storing(PredictionId predictionId, List<OutputStatus> outputs, Instant expiresAt)
      implements State {
    public Storing {
      outputs = List.copyOf(outputs);
      if (outputs.isEmpty()) {
        throw new IllegalArgumentException("nothing to store");
      }
    }
  }

  /**
   * Every output is stored.
   *
   * @param assets at least one, in the provider's order
   */
  record Succeeded(PredictionId predictionId, List<Asset> assets, Instant completedAt)
      implements State {
    public Succeeded {
      assets = List.copyOf(assets);
      if (assets.isEmpty()) {
        throw new IllegalArgumentException("success without an asset");
      }
    }
  }

  /**
   * It failed.
   *
   * @param predictionId empty if the provider never accepted it, as far as known
   * @param assets stored before another output was lost
   */
  record Failed(
      Optional<PredictionId> predictionId, Failure failure, List<Asset> assets, Instant completedAt)
      implements State {
    public Failed {
      assets = List.copyOf(assets);
    }
  }

  record Canceled(PredictionId predictionId, Instant completedAt) implements State {}

  default Optional<PredictionId> prediction() {
    return switch (this) {
      case Submitting _ -> Optional.empty();
      case Queued queued -> Optional.of(queued.predictionId());
      case Processing processing -> Optional.of(processing.predictionId());
      case Canceling canceling -> canceling.predictionId();
      case Storing storing -> Optional.of(storing.predictionId());
      case Succeeded succeeded -> Optional.of(succeeded.predictionId());
      case Failed failed -> failed.predictionId();
      case Canceled canceled -> Optional.of(canceled.predictionId());
    };
  }

  default Optional<Instant> endedAt() {
    return switch (this) {
      case Submitting _, Queued _, Processing _, Canceling _, Storing _ -> Optional.empty();
      case Succeeded succeeded -> Optional.of(succeeded.completedAt());
      case Failed failed -> Optional.of(failed.completedAt());
      case Canceled canceled -> Optional.of(canceled.completedAt());
    };
  }

  default List<Asset> storedAssets() {
    return switch (this) {
      case Submitting _, Queued _, Processing _, Canceling _, Canceled _ -> List.of();
      case Storing storing ->
          storing.outputs().stream()
              .filter(OutputStatus.Stored.class::isInstance)
              .map(output -> ((OutputStatus.Stored) output).asset())
              .toList();
      case Succeeded succeeded -> succeeded.assets();
      case Failed failed -> failed.assets();
    };
  }
}
