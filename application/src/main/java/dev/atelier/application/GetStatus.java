package dev.atelier.application;

import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import java.time.Duration;

/** Tells how a generation stands. */
public interface GetStatus {
  /** Looks the generation up, and waits for its end if that is asked for. */
  Result get(Query query);

  /**
   * Which generation.
   *
   * @param viewer who asks
   * @param waitAtMost how long to wait for the end; zero only looks
   */
  record Query(Viewer viewer, GenerationId id, Duration waitAtMost) {}

  /** The answer. */
  sealed interface Result {
    /** How it stands. */
    record Found(Generation generation) implements Result {}

    /** There is no such generation, or none that the viewer may see. */
    record NotFound() implements Result {}
  }
}
