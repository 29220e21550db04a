package dev.atelier.application;

import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;

/** Tells how a generation stands. */
public interface GetStatus {
  /** Looks the generation up. */
  Result get(Query query);

  /**
   * Which generation.
   *
   * @param viewer who asks
   */
  record Query(Viewer viewer, GenerationId id) {}

  /** The answer. */
  sealed interface Result {
    /** How it stands. */
    record Found(Generation generation) implements Result {}

    /** There is no such generation, or none that the viewer may see. */
    record NotFound() implements Result {}
  }
}
