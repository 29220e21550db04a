package dev.atelier.application.upload;

import dev.atelier.application.port.BlobStore;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.application.port.Uploads;
import dev.atelier.application.port.Uploads.Removal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes uploads that are deleted, expired or were never completed: the blob first and the row
 * last, so that no blob is left without a row. Safe to interrupt and to repeat on any instance.
 */
public final class PurgeUploads {
  private static final Logger log = LoggerFactory.getLogger(PurgeUploads.class);

  private static final Duration INTERVAL = Duration.ofSeconds(20);
  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final int BATCH = 50;

  private final Uploads uploads;
  private final BlobStore blobs;
  private final Clock clock;
  private final Semaphore idle = new Semaphore(1);
  private volatile Instant next = Instant.MIN;

  /**
   * @param blobs deletes from the spool as well
   */
  public PurgeUploads(Uploads uploads, BlobStore blobs, Clock clock) {
    this.uploads = uploads;
    this.blobs = blobs;
    this.clock = clock;
  }

  /**
   * Removes what is due, at most every twenty seconds and in one thread of an instance. Stops at
   * the first failure; what is left is due again after the lease. Never throws.
   */
  public void run() {
    if (!idle.tryAcquire()) {
      return;
    }
    try {
      removeIfDue();
    } catch (UnavailableException e) {
      log.warn("could not remove uploads, will retry: {}", e.reason());
    } finally {
      idle.release();
    }
  }

  private void removeIfDue() {
    Instant now = clock.instant();
    if (now.isBefore(next)) {
      return;
    }
    next = now.plus(INTERVAL);
    List<Removal> claimed = uploads.claimToRemove(now, LEASE, BATCH);
    claimed.forEach(this::remove);
    if (claimed.size() == BATCH) {
      next = now;
    }
  }

  private void remove(Removal upload) {
    blobs.delete(upload.key());
    uploads.remove(upload.id());
    log.info("upload removed: upload={}", upload.id());
  }
}
