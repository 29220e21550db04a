package dev.atelier.application.port;

import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Our own storage, where assets stay. A blob is written once and never changes. Every method throws
 * {@link UnavailableException} when the store itself is broken, and may then be called again.
 */
public interface BlobStore {
  /**
   * Writes a blob, all of it or nothing: until it is complete and durable no other call sees it,
   * and a source that breaks off leaves nothing behind. Where the key has a blob already, that one
   * stays as it is and is what is returned; so repeating a write, or racing another, is harmless.
   * Memory does not grow with the size.
   *
   * @param source read to its end, not closed
   * @return what is stored under the key now, with its size and checksum
   * @throws IOException what the source threw, unchanged
   */
  Asset put(BlobKey key, MediaType type, InputStream source) throws IOException;

  /** What is stored under the key, with its size and checksum. */
  Optional<Asset> find(BlobKey key, MediaType type);

  /** Opens the whole of a blob for reading. */
  default Optional<InputStream> open(BlobKey key) {
    return open(key, ByteRange.all());
  }

  /**
   * Opens a part of a blob for reading; what lies before it is not read.
   *
   * @param range what of it lies behind the blob's end is left out
   * @return the bytes, in a stream that the caller closes; empty when there is no such blob
   */
  Optional<InputStream> open(BlobKey key, ByteRange range);

  /**
   * An address to send a client to, instead of the bytes. Asking again may give the same one.
   *
   * @param disposition the {@code Content-Disposition} that the bytes are to come with; an address
   *     that everybody shares may not heed it
   * @return empty when the store has no such blob, or no address to give
   */
  default Optional<BlobLink> link(BlobKey key, String disposition) {
    return Optional.empty();
  }

  /**
   * Removes a blob; whoever is reading it may find it broken off, and links that were given away
   * lead nowhere. Does nothing when it is gone.
   */
  void delete(BlobKey key);
}
