package dev.atelier.application.store;

import dev.atelier.application.port.UnavailableException;
import dev.atelier.application.port.UnreadableGenerationException;
import dev.atelier.application.settle.Settle;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Observation;
import dev.atelier.domain.Transition;
import dev.atelier.domain.Transition.Applied;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Settles an observation, and starts to store the outputs if the prediction has succeeded. */
public final class SettleAndStore {
  private static final Logger log = LoggerFactory.getLogger(SettleAndStore.class);

  private final Settle settle;
  private final StoreOutputs storeOutputs;

  public SettleAndStore(Settle settle, StoreOutputs storeOutputs) {
    this.settle = settle;
    this.storeOutputs = storeOutputs;
  }

  public Optional<Transition> settle(GenerationId id, Observation observation) {
    Optional<Transition> transition = settle.settle(id, observation);
    if (transition.orElse(null) instanceof Applied applied) {
      var _ = storeOutputs.start(applied.generation(), 0);
    }
    return transition;
  }

  /**
   * Settles the response of a call. A failure is only logged, because a webhook or the sweep
   * repeats the information.
   *
   * @param call its name in the log
   */
  public Generation settleResponse(Generation generation, Observation observation, String call) {
    try {
      return settle(generation.id(), observation).map(Transition::generation).orElse(generation);
    } catch (UnavailableException e) {
      log.error(
          "could not persist the response, a webhook or the sweep repeats it: call={} generation={}: {}",
          call,
          generation.id(),
          e.reason());
      return generation;
    } catch (UnreadableGenerationException e) { // a newer version has changed the row
      log.warn("could not apply the response: call={} generation={}", call, generation.id(), e);
      return generation;
    }
  }
}
