package dev.atelier.application.cancel;

import dev.atelier.application.port.Predictions;
import dev.atelier.application.port.Predictions.Cancellation;
import dev.atelier.application.port.Predictions.LookupResult;
import dev.atelier.application.port.Predictions.Unavailable;
import dev.atelier.application.settle.Settle;
import dev.atelier.application.store.SettleAndStore;
import dev.atelier.application.store.StoreOutputs;
import dev.atelier.domain.Generation;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.State;
import java.util.Optional;

/**
 * Cancels the prediction of a {@link State.Canceling} generation at Skytells and settles the
 * result.
 */
public final class CancelPrediction {
  private final Predictions predictions;
  private final SettleAndStore settleAndStore;

  public CancelPrediction(Predictions predictions, Settle settle, StoreOutputs storeOutputs) {
    this.predictions = predictions;
    this.settleAndStore = new SettleAndStore(settle, storeOutputs);
  }

  /** Makes one attempt. Does nothing in other states or if the prediction is unknown. */
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
    return observed
        .map(prediction -> settleAndStore.settleResponse(generation, prediction, "cancel"))
        .orElse(generation);
  }

  private Optional<Prediction> find(PredictionId id) {
    return switch (predictions.find(id)) {
      case LookupResult.Found found -> Optional.of(found.prediction());
      case LookupResult.NotFound _ -> Optional.empty();
      case Unavailable _ -> Optional.empty();
    };
  }
}
