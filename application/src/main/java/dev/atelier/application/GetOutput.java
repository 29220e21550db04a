package dev.atelier.application;

import dev.atelier.domain.Asset;
import dev.atelier.domain.GenerationId;
import java.io.InputStream;

/** Opens one stored result. */
public interface GetOutput {
  /**
   * Opens the result.
   *
   * @throws dev.atelier.application.port.UnavailableException when the store is broken
   */
  Result get(Query query);

  /**
   * Which result.
   *
   * @param viewer who asks
   * @param index its number within the generation, counted from 0
   */
  record Query(Viewer viewer, GenerationId id, int index) {}

  /** The answer. */
  sealed interface Result {
    /**
     * The result.
     *
     * @param bytes a stream that the caller closes
     */
    record Found(Asset asset, InputStream bytes) implements Result {}

    /** There is no such generation that the viewer may see, or no such result of it yet. */
    record NotFound() implements Result {}
  }
}
