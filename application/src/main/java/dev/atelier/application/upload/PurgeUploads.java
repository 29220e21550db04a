package dev.atelier.application.upload;

import dev.atelier.application.port.BlobStore;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.application.port.Uploads;
import dev.atelier.application.port.Uploads.Pending;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
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
  private final AtomicReference<Instant> next = new AtomicReference<>(Instant.MIN);

  /**
   * @param blobs deletes from the spool as well
   */
  public PurgeUploads(Uploads uploads, BlobStore blobs, Clock clock) {
    this.uploads = uploads;
    this.blobs = blobs;
    this.clock = clock;
  }

  /** Removes what is due, at most every twenty seconds. Never throws. */
  public void run() {
    Instant now = clock.instant();
    Instant due = next.get();
    if (now.isBefore(due) || !next.compareAndSet(due, now.plus(INTERVAL))) {
      return;
    }
    try {
      List<Pending> claimed = uploads.claimToRemove(now, LEASE, BATCH);
      claimed.forEach(this::remove);
      if (claimed.size() == BATCH) {
        next.set(now);
      }
    } catch (UnavailableException e) {
      log.warn("could not remove uploads, will retry: {}", e.reason());
    }
  }

  private void remove(Pending upload) {
    try {
      blobs.delete(upload.key());
      uploads.remove(upload.id());
      log.info("upload removed: upload={}", upload.id());
    } catch (UnavailableException e) {
      log.warn("could not remove an upload, will retry: upload={}: {}", upload.id(), e.reason());
    }
  }
}
