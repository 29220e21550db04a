package dev.atelier.application;

import dev.atelier.application.port.BlobLink;
import dev.atelier.application.port.ByteRange;
import dev.atelier.domain.Asset;
import dev.atelier.domain.GenerationId;
import java.io.InputStream;
import java.util.Optional;

/** Finds one stored result. */
public interface GetOutput {
  /** Finds the result; its bytes are not touched yet. */
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
    /** The result. */
    record Found(Asset asset, Content content) implements Result {}

    /** There is no such generation that the viewer may see, or no such result of it yet. */
    record NotFound() implements Result {}
  }

  /**
   * The bytes of a result, wherever they are. Every method throws {@link
   * dev.atelier.application.port.UnavailableException} when the store is broken.
   */
  interface Content {
    /**
     * Where the client can fetch them without us.
     *
     * @param disposition the {@code Content-Disposition} that they are to come with
     * @return empty when they have to come from us
     */
    Optional<BlobLink> link(String disposition);

    /**
     * Opens them.
     *
     * @return a stream that the caller closes; empty when the storage, which had them, works and
     *     has them no more: somebody else has removed them
     */
    Optional<InputStream> open(ByteRange range);
  }
}
