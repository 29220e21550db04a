package dev.atelier.application.store;

import dev.atelier.application.port.BlobSpool;
import dev.atelier.application.port.BlobStore;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.domain.Asset;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves spooled blobs to the main store: copies, compares, then deletes. Repeatable on any
 * instance.
 */
public final class DrainSpool {
  private static final Logger log = LoggerFactory.getLogger(DrainSpool.class);

  /** A slower blob is copied twice, which is harmless. */
  private static final Duration LEASE = Duration.ofMinutes(1);

  private static final Duration RETRY_DELAY = Duration.ofSeconds(2);

  /** A mismatch needs an operator. */
  private static final Duration MISMATCH_DELAY = Duration.ofHours(1);

  private static final int MAX_PER_ROUND = 16;

  private final BlobStore store;
  private final BlobSpool spool;
  private final Clock clock;
  private final ExecutorService workers;
  private CompletableFuture<Void> running = CompletableFuture.allOf();

  /**
   * @param workers closed by the caller
   */
  public DrainSpool(BlobStore store, BlobSpool spool, Clock clock, ExecutorService workers) {
    this.store = store;
    this.spool = spool;
    this.clock = clock;
    this.workers = workers;
  }

  /**
   * Starts to move a bounded number of blobs, unless already running; the result never completes
   * exceptionally.
   */
  public synchronized CompletableFuture<Void> start() {
    if (running.isDone()) {
      try {
        running = CompletableFuture.runAsync(this::drain, workers);
      } catch (RejectedExecutionException e) { // shutting down; another instance continues
        running = CompletableFuture.completedFuture(null);
      }
    }
    return running.copy();
  }

  private void drain() {
    try {
      boolean proceed = true;
      for (int moved = 0; proceed && moved < MAX_PER_ROUND; moved++) {
        proceed = spool.claim(clock.instant(), LEASE).map(this::move).orElse(false);
      }
    } catch (UnavailableException e) {
      log.error("could not drain the spool, will retry: {}", e.reason());
    } catch (RuntimeException e) { // the blob is due again when its lease expires
      log.error("could not drain the spool, will retry", e);
    }
  }

  /**
   * @return whether to continue
   */
  private boolean move(Asset spooled) {
    Optional<InputStream> opened = spool.open(spooled.key());
    if (opened.isEmpty()) {
      return true; // the holder of an expired lease has moved it
    }
    try (InputStream bytes = opened.get()) {
      Asset stored = store.put(spooled.key(), spooled.type(), bytes);
      if (stored.equals(spooled)) {
        spool.delete(spooled.key());
        log.info("moved a blob from the spool to the storage: key={}", spooled.key());
      } else {
        log.error(
            "the storage holds a different blob, keeping the spooled one: key={}", spooled.key());
        spool.postpone(spooled.key(), clock.instant().plus(MISMATCH_DELAY));
      }
      return true;
    } catch (IOException | UnavailableException e) {
      log.debug("could not move a spooled blob, will retry: key={}", spooled.key(), e);
      spool.postpone(spooled.key(), clock.instant().plus(RETRY_DELAY));
      return false;
    }
  }
}
