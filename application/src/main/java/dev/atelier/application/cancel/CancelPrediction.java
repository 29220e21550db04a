package dev.atelier.application.cancel;

import dev.atelier.application.port.Predictions;
import dev.atelier.application.port.Predictions.Cancellation;
import dev.atelier.application.port.Predictions.LookupResult;
import dev.atelier.application.port.Predictions.Unavailable;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.application.port.UnreadableGenerationException;
import dev.atelier.application.settle.Settle;
import dev.atelier.application.store.StoreOutputs;
import dev.atelier.domain.Generation;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.State;
import dev.atelier.domain.Transition;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cancels the prediction of a {@link State.Canceling} generation at Skytells and settles the
 * result. Safe to interrupt: the sweep retries it.
 */
public final class CancelPrediction {
  private static final Logger log = LoggerFactory.getLogger(CancelPrediction.class);

  private final Predictions predictions;
  private final Settle settle;
  private final StoreOutputs storeOutputs;

  public CancelPrediction(Predictions predictions, Settle settle, StoreOutputs storeOutputs) {
    this.predictions = predictions;
    this.settle = settle;
    this.storeOutputs = storeOutputs;
  }

  /**
   * Makes one attempt. Does nothing if the generation is in another state or its prediction is
   * unknown.
   *
   * @return the generation afterwards
   */
  public Generation cancel(Generation generation) {
    return generation.state() instanceof State.Canceling canceling
        ? canceling.predictionId().map(id -> cancel(generation, id)).orElse(generation)
        : generation;
  }

  private Generation cancel(Generation generation, PredictionId id) {
    Optional<Prediction> observed =
        switch (predictions.cancel(id)) {
          case Cancellation.Accepted accepted ->
              accepted.prediction().filter(Prediction::hasEnded).or(() -> find(id));
          case Cancellation.Refused _ -> find(id); // usually because it has ended
          case Unavailable _ -> Optional.empty();
        };
    return observed.map(prediction -> settle(generation, prediction)).orElse(generation);
  }

  private Optional<Prediction> find(PredictionId id) {
    return switch (predictions.find(id)) {
      case LookupResult.Found found -> Optional.of(found.prediction());
      case LookupResult.NotFound _ -> Optional.empty();
      case Unavailable _ -> Optional.empty();
    };
  }

  /** A failure is only logged, because the sweep retries. */
  private Generation settle(Generation generation, Prediction observed) {
    try {
      Optional<Transition> transition = settle.settle(generation.id(), observed);
      if (transition.orElse(null) instanceof Transition.Applied applied) {
        // The prediction may have succeeded before the cancel.
        var _ = storeOutputs.start(applied.generation(), 0);
      }
      return transition.map(Transition::generation).orElse(generation);
    } catch (UnavailableException e) {
      log.error(
          "could not persist the result of a cancel, the sweep retries: generation={}: {}",
          generation.id(),
          e.reason());
      return generation;
    } catch (UnreadableGenerationException e) { // moved by a newer version meanwhile
      log.warn("could not apply the result of a cancel: generation={}", generation.id(), e);
      return generation;
    }
  }
}
