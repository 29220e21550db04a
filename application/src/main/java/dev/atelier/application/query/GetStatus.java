package dev.atelier.application.query;

import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;

/** Returns the current state of a generation. */
public interface GetStatus {
  Result get(Query query);

  record Query(AccessScope scope, GenerationId id) {}

  sealed interface Result {
    record Found(Generation generation) implements Result {}

    /** No such generation is in the access scope. */
    record NotFound() implements Result {}
  }
}
