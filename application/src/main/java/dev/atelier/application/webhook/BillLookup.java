package dev.atelier.application.webhook;

import dev.atelier.application.port.Predictions;
import dev.atelier.application.port.Predictions.LookupResult;
import dev.atelier.application.port.Predictions.Tries;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.application.settle.Settle;
import dev.atelier.domain.Generation;
import dev.atelier.domain.Observation;
import dev.atelier.domain.PredictionId;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for the bill of a prediction whose webhook did not contain it. Best effort: if it fails, the
 * cost stays an estimate.
 */
public final class BillLookup {
  private static final Logger log = LoggerFactory.getLogger(BillLookup.class);

  private final Predictions predictions;
  private final Settle settle;
  private final Executor workers;

  public BillLookup(Predictions predictions, Settle settle, Executor workers) {
    this.predictions = predictions;
    this.settle = settle;
    this.workers = workers;
  }

  /** Starts the lookup in the background, if a bill is missing. */
  void start(Generation generation) {
    if (!generation.lacksBill()) {
      return;
    }
    try {
      generation.state().prediction().ifPresent(id -> workers.execute(() -> ask(generation, id)));
    } catch (RejectedExecutionException e) {
      log.debug("shutting down, the cost stays an estimate: generation={}", generation.id());
    }
  }

  private void ask(Generation generation, PredictionId id) {
    try {
      if (predictions.find(id, Tries.ONE) instanceof LookupResult.Found found) {
        settle.settle(
            generation.id(), new Observation.BillReported(id, found.prediction().billed()));
      }
    } catch (UnavailableException e) {
      log.warn(
          "bill not recorded, the cost stays an estimate: generation={}: {}",
          generation.id(),
          e.reason());
    }
  }
}
