package dev.atelier.application.port;

import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Durable storage for assets. A blob is written once and never changes. Every method throws {@link
 * UnavailableException} if the store is unavailable; callers may retry.
 */
public interface BlobStore {
  /**
   * Writes a blob atomically: no call sees it before it is complete and durable, and a failing
   * source leaves nothing behind. If the key exists, the stored blob stays unchanged and is
   * returned, so retries and concurrent writes are safe. Does not load the blob into memory.
   *
   * @param source read to its end, not closed
   * @return the blob stored under the key
   * @throws IOException from the source, unchanged
   * @throws IllegalArgumentException if the source is empty; nothing is stored
   */
  Asset put(BlobKey key, MediaType type, InputStream source) throws IOException;

  /** Finds a blob and its metadata. */
  Optional<Asset> find(BlobKey key, MediaType type);

  /** Opens a whole blob for reading. */
  default Optional<InputStream> open(BlobKey key) {
    return open(key, ByteRange.all());
  }

  /**
   * Opens a part of a blob for reading, without reading the bytes before it.
   *
   * @param range truncated at the end of the blob
   * @return a stream that the caller closes; empty if the blob does not exist
   */
  Optional<InputStream> open(BlobKey key, ByteRange range);

  /**
   * Returns a URL from which a client can fetch the blob directly. Repeated calls may return the
   * same URL.
   *
   * @param disposition the requested {@code Content-Disposition}; a public URL may ignore it
   * @return empty if the blob does not exist or the store offers no URLs
   */
  default Optional<BlobLink> link(BlobKey key, String disposition) {
    return Optional.empty();
  }

  /**
   * Deletes a blob. Reads in progress may fail, and its links stop working. Does nothing if the
   * blob does not exist.
   */
  void delete(BlobKey key);
}
