package dev.atelier.application.cancel;

import dev.atelier.application.query.AccessScope;
import dev.atelier.domain.GenerationId;

/**
 * Deletes a generation. It disappears at once; a running one is canceled first and counts as active
 * until Skytells has ended it. Then its assets, Skytells' copy and its row are removed.
 */
public interface DeleteGeneration {
  /**
   * Persists the deletion and starts the removal. The sweep removes the rest.
   *
   * @throws dev.atelier.application.port.UnavailableException if the deletion was not persisted
   */
  Result delete(Command command);

  record Command(AccessScope scope, GenerationId id) {}

  enum Result {
    /** Nobody can see the generation any more. */
    DELETED,
    /** No such generation is in the access scope. */
    NOT_FOUND
  }
}
