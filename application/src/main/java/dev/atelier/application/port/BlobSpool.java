package dev.atelier.application.port;

import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A second blob store that holds blobs while the main store is unavailable. It fulfils the contract
 * of {@link BlobStore}. Its capacity is bounded; when full, {@link #put} throws {@link
 * UnavailableException}.
 */
public interface BlobSpool extends BlobStore {
  /**
   * Leases the blob that has been due longest. Concurrent calls, from any instance, never get the
   * same blob. A blob is due from its {@link #put}, and again when a lease expires, even after a
   * crash.
   */
  Optional<Asset> claim(Instant now, Duration lease);

  /**
   * Sets the due time of a blob that could not be moved. Does nothing if the blob does not exist.
   */
  void postpone(BlobKey key, Instant dueAt);
}
