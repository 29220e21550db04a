package dev.atelier.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where a generation stands: a type per state, each holding only what is true in it. It moves
 * forward only, in the order written here, and the last three absorb whatever comes after them.
 */
public sealed interface State {
  /** How long Skytells keeps outputs after a prediction ended, by its data-retention page. */
  Duration RETENTION = Duration.ofMinutes(5);

  /** How long an unreadable output is read again before the generation fails. */
  Duration UNREADABLE_PATIENCE = Duration.ofSeconds(30);

  /** Our row is durable; whether Skytells has accepted it is not known to anyone else yet. */
  record Submitting() implements State {}

  /** Skytells has accepted it and not begun. */
  record Queued(PredictionId predictionId) implements State {}

  /**
   * Skytells is at work.
   *
   * @param unreadableSince when its output was first found unreadable; it is read again since then
   */
  record Processing(PredictionId predictionId, Optional<Instant> unreadableSince) implements State {
    /** Skytells is at work, and nothing is known of an output. */
    public Processing(PredictionId predictionId) {
      this(predictionId, Optional.empty());
    }
  }

  /**
   * It is to be called off, and Skytells has not ended it yet. It may still end in another way, and
   * what was finished is kept: it is paid for.
   *
   * @param predictionId empty while it is not known whether Skytells has accepted it
   */
  record Canceling(Optional<PredictionId> predictionId) implements State {}

  /**
   * Skytells has finished well; the outputs are on their way into our storage.
   *
   * @param outputs every output in the provider's order, at least one
   * @param expiresAt when Skytells deletes them
   */
  record Storing(PredictionId predictionId, List<OutputStatus> outputs, Instant expiresAt)
      implements State {
    /**
     * @throws IllegalArgumentException when there is no output
     */
    public Storing {
      outputs = List.copyOf(outputs);
      if (outputs.isEmpty()) {
        throw new IllegalArgumentException("nothing to store");
      }
    }
  }

  /**
   * Every output is in our storage.
   *
   * @param assets in the provider's order, at least one
   */
  record Succeeded(PredictionId predictionId, List<Asset> assets, Instant completedAt)
      implements State {
    /**
     * @throws IllegalArgumentException when there is no asset
     */
    public Succeeded {
      assets = List.copyOf(assets);
      if (assets.isEmpty()) {
        throw new IllegalArgumentException("success without an asset");
      }
    }
  }

  /**
   * It will not be finished.
   *
   * @param predictionId empty when Skytells never accepted it, as far as we know
   * @param assets what could be stored before the loss of another output; often none
   */
  record Failed(
      Optional<PredictionId> predictionId, Failure failure, List<Asset> assets, Instant completedAt)
      implements State {
    /** Copies the list. */
    public Failed {
      assets = List.copyOf(assets);
    }
  }

  /** It was called off. */
  record Canceled(PredictionId predictionId, Instant completedAt) implements State {}

  /** The prediction it belongs to, once that is known. */
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

  /** When it ended; empty while it has not. */
  default Optional<Instant> endedAt() {
    return switch (this) {
      case Submitting _, Queued _, Processing _, Canceling _, Storing _ -> Optional.empty();
      case Succeeded succeeded -> Optional.of(succeeded.completedAt());
      case Failed failed -> Optional.of(failed.completedAt());
      case Canceled canceled -> Optional.of(canceled.completedAt());
    };
  }

  /** What is in our storage because of it, in the provider's order. */
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
