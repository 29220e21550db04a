package dev.atelier.application;

import dev.atelier.domain.GenerationId;

/**
 * Deletes a generation: from now on nobody sees it. What still runs is called off first, and keeps
 * its place among its owner's active ones until Skytells has ended it; then its assets, Skytells'
 * own copy and its row are removed.
 */
public interface DeleteGeneration {
  /**
   * Writes down that the generation is deleted, and removes what can be removed at once. The sweep
   * goes on with the rest.
   *
   * @throws dev.atelier.application.port.UnavailableException when nothing could be written down
   */
  Result delete(Command command);

  /**
   * Which generation.
   *
   * @param viewer who wants it
   */
  record Command(Viewer viewer, GenerationId id) {}

  /** The answer. */
  enum Result {
    /** It is not there any more, for anybody who looks. */
    DELETED,
    /** There is no such generation, or none that the viewer may see: deleted, perhaps. */
    NOT_FOUND
  }
}
