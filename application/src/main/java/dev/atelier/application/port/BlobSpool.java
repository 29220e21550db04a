package dev.atelier.application.port;

import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A second place for blobs, where they wait while the store they are meant for is broken. It keeps
 * the whole contract of a {@link BlobStore}, and lets blobs go again. Its room is bounded; beyond
 * it {@link #put} throws {@link UnavailableException}.
 */
public interface BlobSpool extends BlobStore {
  /**
   * Takes the blob that has been due for longest, so that nobody else takes it before the lease is
   * over. Simultaneous calls, of any number of instances, never take the same one; and an instance
   * that dies with a lease is survived by it. A blob is due from the moment it is put, then
   * whenever a lease or a postponement ends.
   */
  Optional<Asset> claim(Instant now, Duration lease);

  /** Moves the due time of a blob that could not be moved on. Does nothing when it is gone. */
  void postpone(BlobKey key, Instant dueAt);
}
