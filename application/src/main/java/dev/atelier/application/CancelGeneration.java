package dev.atelier.application;

import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;

/**
 * Calls a generation off. What Skytells has finished before it heard of that is paid for and kept;
 * what has ended stays as it is.
 */
public interface CancelGeneration {
  /**
   * Writes down that the generation is to be called off, asks Skytells to, and tells how it stands
   * then. Where Skytells cannot be asked, or does not do it at once, the sweep goes on with it.
   *
   * @throws dev.atelier.application.port.UnavailableException when nothing could be written down
   */
  Result cancel(Command command);

  /**
   * Which generation.
   *
   * @param viewer who wants it
   */
  record Command(Viewer viewer, GenerationId id) {}

  /** The answer. */
  sealed interface Result {
    /**
     * How it stands now.
     *
     * @param generation called off, or ended otherwise; or still active, until Skytells has ended
     *     it
     */
    record Found(Generation generation) implements Result {}

    /** There is no such generation, or none that the viewer may see. */
    record NotFound() implements Result {}
  }
}
