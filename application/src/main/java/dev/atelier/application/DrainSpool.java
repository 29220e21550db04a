package dev.atelier.application;

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
 * Moves spooled blobs into the store they are meant for: copies, compares, and only then deletes.
 * The key stays, so no row changes. It may be cut off anywhere and done again, by anybody.
 */
public final class DrainSpool {
  private static final Logger log = LoggerFactory.getLogger(DrainSpool.class);

  /** Longer than most copies take; one that takes longer is made twice, which is harmless. */
  private static final Duration LEASE = Duration.ofMinutes(1);

  /** When to try again what a broken store did not take. */
  private static final Duration TRY_AGAIN = Duration.ofSeconds(2);

  /** When to look again at a blob that needs an operator. */
  private static final Duration LOOK_AGAIN = Duration.ofHours(1);

  private static final int MAX_PER_ROUND = 16;

  private final BlobStore store;
  private final BlobSpool spool;
  private final Clock clock;
  private final ExecutorService workers;
  private CompletableFuture<Void> underWay = CompletableFuture.allOf();

  /**
   * Wires the operation.
   *
   * @param workers runs it; who made it closes it
   */
  public DrainSpool(BlobStore store, BlobSpool spool, Clock clock, ExecutorService workers) {
    this.store = store;
    this.spool = spool;
    this.clock = clock;
    this.workers = workers;
  }

  /**
   * Begins to move a bounded number of blobs, one after another, unless this instance is still at
   * it; returns at once.
   *
   * @return completes, never exceptionally, when they were moved or the store is still broken
   */
  public synchronized CompletableFuture<Void> start() {
    if (underWay.isDone()) {
      try {
        underWay = CompletableFuture.runAsync(this::drain, workers);
      } catch (RejectedExecutionException e) { // stopping; it is somebody else's
        underWay = CompletableFuture.completedFuture(null);
      }
    }
    return underWay.copy();
  }

  private void drain() {
    try {
      boolean goOn = true;
      for (int moved = 0; goOn && moved < MAX_PER_ROUND; moved++) {
        goOn = spool.claim(clock.instant(), LEASE).map(this::move).orElse(false);
      }
    } catch (UnavailableException e) {
      log.error("the spool cannot be drained now: {}", e.reason());
    } catch (RuntimeException e) { // it is due again when its lease is over
      log.error("the spool cannot be drained now", e);
    }
  }

  /** Whether the next one is worth a try. */
  private boolean move(Asset spooled) {
    Optional<InputStream> opened = spool.open(spooled.key());
    if (opened.isEmpty()) {
      return true; // an earlier owner of the lease was slow, and has moved it after all
    }
    try (InputStream bytes = opened.get()) {
      Asset stored = store.put(spooled.key(), spooled.type(), bytes);
      if (stored.equals(spooled)) {
        spool.delete(spooled.key());
        log.info("{} is moved from the spool into the storage", spooled.key());
      } else {
        log.error("{} is in the storage with other bytes; it stays spooled", spooled.key());
        spool.postpone(spooled.key(), clock.instant().plus(LOOK_AGAIN));
      }
      return true;
    } catch (IOException | UnavailableException e) {
      log.debug("{} stays spooled for now", spooled.key(), e);
      spool.postpone(spooled.key(), clock.instant().plus(TRY_AGAIN));
      return false;
    }
  }
}
