package dev.atelier.application.cancel;

import dev.atelier.application.query.AccessScope;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;

/** Cancels a generation. Results that finished before the cancel are kept. */
public interface CancelGeneration {
  /**
   * Persists the request; the sweep retries a failed call of Skytells.
   *
   * @throws dev.atelier.application.port.UnavailableException if the request was not persisted
   */
  Result cancel(Command command);

  record Command(AccessScope scope, GenerationId id) {}

  sealed interface Result {
    /** Still active until Skytells has ended it. */
    record Found(Generation generation) implements Result {}

    record NotFound() implements Result {}
  }
}
