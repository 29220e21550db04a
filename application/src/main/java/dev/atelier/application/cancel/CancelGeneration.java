package dev.atelier.application.cancel;

import dev.atelier.application.query.AccessScope;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;

/** Cancels a generation. Results that finished before the cancel are kept. */
public interface CancelGeneration {
  /**
   * Persists the cancel request, then calls Skytells. The sweep retries if that fails.
   *
   * @throws dev.atelier.application.port.UnavailableException if the request was not persisted
   */
  Result cancel(Command command);

  record Command(AccessScope scope, GenerationId id) {}

  sealed interface Result {
    /** The generation afterwards; still active until Skytells has ended it. */
    record Found(Generation generation) implements Result {}

    /** No such generation is in the access scope. */
    record NotFound() implements Result {}
  }
}
