package dev.atelier.application;

import dev.atelier.application.port.Predictions;
import dev.atelier.application.port.Predictions.Cancellation;
import dev.atelier.application.port.Predictions.Sighting;
import dev.atelier.application.port.Predictions.Unavailable;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.application.port.UnreadableGenerationException;
import dev.atelier.domain.Generation;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.State;
import dev.atelier.domain.Transition;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Skytells to call the prediction of a {@link State.Canceling} generation off, and settles
 * what became of it. May be cut off anywhere: the sweep does the same again.
 */
public final class CallOff {
  private static final Logger log = LoggerFactory.getLogger(CallOff.class);

  private final Predictions predictions;
  private final Settle settle;
  private final StoreOutputs storeOutputs;

  /** Wires the operation. */
  public CallOff(Predictions predictions, Settle settle, StoreOutputs storeOutputs) {
    this.predictions = predictions;
    this.settle = settle;
    this.storeOutputs = storeOutputs;
  }

  /**
   * Tries once.
   *
   * @param generation does nothing unless it is {@link State.Canceling}, and its prediction known
   * @return the generation as it stands then
   */
  public Generation callOff(Generation generation) {
    return generation.state() instanceof State.Canceling canceling
        ? canceling.predictionId().map(id -> callOff(generation, id)).orElse(generation)
        : generation;
  }

  private Generation callOff(Generation generation, PredictionId id) {
    Optional<Prediction> seen =
        switch (predictions.cancel(id)) {
          case Cancellation.Accepted accepted ->
              accepted.prediction().filter(Prediction::hasEnded).or(() -> look(id));
          case Cancellation.Refused _ -> look(id); // mostly because it has ended
          case Unavailable _ -> Optional.empty();
        };
    return seen.map(prediction -> settle(generation, prediction)).orElse(generation);
  }

  private Optional<Prediction> look(PredictionId id) {
    return switch (predictions.find(id)) {
      case Sighting.Seen seen -> Optional.of(seen.prediction());
      case Sighting.Unknown _ -> Optional.empty();
      case Unavailable _ -> Optional.empty();
    };
  }

  /** The wish is durable whatever happens here, and the sweep sees the same. */
  private Generation settle(Generation generation, Prediction seen) {
    try {
      Optional<Transition> transition = settle.settle(generation.id(), seen);
      if (transition.orElse(null) instanceof Transition.Applied applied) {
        var _ = storeOutputs.start(applied.generation(), 0); // it may have been finished after all
      }
      return transition.map(Transition::generation).orElse(generation);
    } catch (UnavailableException e) {
      log.error(
          "generation {}: its end could not be written down: {}", generation.id(), e.reason());
      return generation;
    } catch (UnreadableGenerationException e) { // a newer version has moved it meanwhile
      log.warn("generation {}: its end could not be applied", generation.id(), e);
      return generation;
    }
  }
}
