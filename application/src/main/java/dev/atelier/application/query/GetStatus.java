package dev.atelier.application.query;

import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;

/** Returns the current state of a generation. */
public interface GetStatus {
  /** Finds the generation. */
  Result get(Query query);

  /** The generation to find. */
  record Query(AccessScope scope, GenerationId id) {}

  /** The outcome. */
  sealed interface Result {
    /** The generation. */
    record Found(Generation generation) implements Result {}

    /** No such generation is in the access scope. */
    record NotFound() implements Result {}
  }
}
