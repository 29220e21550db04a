package dev.atelier.application.query;

import dev.atelier.application.port.BlobLink;
import dev.atelier.application.port.ByteRange;
import dev.atelier.domain.Asset;
import dev.atelier.domain.GenerationId;
import java.io.InputStream;
import java.util.Optional;

/** Finds one stored output. */
public interface GetOutput {
  /** Finds the output without reading its bytes. */
  Result get(Query query);

  /**
   * The output to find.
   *
   * @param index from 0
   */
  record Query(AccessScope scope, GenerationId id, int index) {}

  sealed interface Result {
    record Found(Asset asset, Content content) implements Result {}

    /** No such generation is in the access scope, or it has no such output yet. */
    record NotFound() implements Result {}
  }

  /**
   * The bytes of an output. Every method throws {@link
   * dev.atelier.application.port.UnavailableException} if the blob store is unavailable.
   */
  interface Content {
    /**
     * A URL from which the client can fetch the bytes directly; empty if Atelier must serve them.
     *
     * @param disposition the requested {@code Content-Disposition}
     */
    Optional<BlobLink> link(String disposition);

    /** Opens the bytes, in a stream that the caller closes; empty if the blob no longer exists. */
    Optional<InputStream> open(ByteRange range);
  }
}
