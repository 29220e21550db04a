package dev.atelier.application.port;

import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.MediaType;
import dev.atelier.domain.Upload;
import dev.atelier.domain.UploadId;
import dev.atelier.domain.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Durable storage of uploads. A row exists before its blob and until after it, so that no blob is
 * left over. All methods are atomic, and throw {@link UnavailableException} if the database is
 * unavailable.
 */
public interface Uploads {
  /**
   * Adds an upload whose blob is not stored yet, unless its owner has added {@code perDay} on this
   * UTC day. Exact under concurrency; a removed upload still counts.
   *
   * @param removeAt when it is removed if it is not completed
   * @return false if the limit is reached; nothing was written
   */
  boolean add(Pending upload, Instant removeAt, int perDay);

  /**
   * An upload whose blob is not stored yet.
   *
   * @param type of its blob
   */
  record Pending(UploadId id, UserId owner, MediaType type, Instant createdAt) {
    public BlobKey key() {
      return BlobKey.of(id, type);
    }
  }

  /**
   * Marks an upload as stored.
   *
   * @return empty if it has been removed meanwhile
   */
  Optional<Upload> complete(UploadId id, Asset asset, Instant expiresAt);

  /** Finds an upload that is complete, not deleted and not expired. */
  Optional<Upload> find(UploadId id, Instant now);

  /**
   * Keeps an upload at least until then.
   *
   * @return false if it is not complete, deleted or expired
   */
  boolean keep(UploadId id, Instant now, Instant until);

  /** Deletes an upload: it is not found any more, and is due to be removed. */
  void delete(UploadId id, Instant now);

  /**
   * Leases uploads that are due to be removed: deleted, expired, or never completed. They are not
   * found any more. If the instance dies, they are due again after the lease.
   */
  List<Removal> claimToRemove(Instant now, Duration lease, int limit);

  /**
   * An upload to remove.
   *
   * @param key of its blob, if it has one
   */
  record Removal(UploadId id, BlobKey key) {}

  /** Removes the row of a claimed upload, after its blob. */
  void remove(UploadId id);
}
