package dev.atelier.application.cancel;

import dev.atelier.application.query.AccessScope;
import dev.atelier.domain.GenerationId;

/**
 * Deletes a generation, its assets and Skytells' copy. It disappears at once, but counts as active
 * until Skytells has ended it.
 */
public interface DeleteGeneration {
  /**
   * Persists the deletion; the sweep completes it.
   *
   * @throws dev.atelier.application.port.UnavailableException if the deletion was not persisted
   */
  Result delete(Command command);

  record Command(AccessScope scope, GenerationId id) {}

  enum Result {
    DELETED,
    NOT_FOUND
  }
}
