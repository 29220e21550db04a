package dev.atelier.application.cancel;

import dev.atelier.application.port.BlobSpool;
import dev.atelier.application.port.BlobStore;
import dev.atelier.application.port.Generations;
import dev.atelier.application.port.Predictions;
import dev.atelier.domain.Asset;
import dev.atelier.domain.Generation;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes a deleted generation that has ended: blobs first and the row last, so that no blob is
 * left without a row. Repeatable on any instance.
 */
public final class PurgeDeleted {
  private static final Logger log = LoggerFactory.getLogger(PurgeDeleted.class);

  /** Longer than a move from the spool to the store takes. */
  private static final Duration MAX_MOVE_TIME = Duration.ofMinutes(2);

  private final Generations generations;
  private final BlobStore store;
  private final BlobSpool spool;
  private final Predictions predictions;
  private final Clock clock;
  private final ExecutorService workers;

  /**
   * @param workers closed by the caller
   */
  public PurgeDeleted(
      Generations generations,
      BlobStore store,
      BlobSpool spool,
      Predictions predictions,
      Clock clock,
      ExecutorService workers) {
    this.generations = generations;
    this.store = store;
    this.spool = spool;
    this.predictions = predictions;
    this.clock = clock;
    this.workers = workers;
  }

  /** Starts the removal; the result never completes exceptionally. */
  public CompletableFuture<Void> start(Generation generation) {
    try {
      return CompletableFuture.runAsync(() -> remove(generation), workers);
    } catch (RejectedExecutionException e) { // shutting down; another instance continues
      return CompletableFuture.completedFuture(null);
    }
  }

  private void remove(Generation generation) {
    if (!generation.deleted() || generation.isActive()) {
      return;
    }
    try {
      if (removeBlobs(generation)) {
        // Best effort: Skytells deletes the outputs anyway.
        generation.state().prediction().ifPresent(predictions::delete);
        generations.remove(generation.id());
        log.info("deleted generation removed: generation={}", generation.id());
      } else {
        generations.postpone(generation, clock.instant().plus(MAX_MOVE_TIME));
      }
    } catch (RuntimeException e) { // the row is due again
      log.warn(
          "could not remove a deleted generation, will retry: generation={}", generation.id(), e);
    }
  }

  /** Another instance may be copying a spooled blob to the store, so the removal must run again. */
  private boolean removeBlobs(Generation generation) {
    boolean complete = true;
    for (Asset asset : generation.state().storedAssets()) {
      complete &= spool.find(asset.key(), asset.type()).isEmpty();
      spool.delete(asset.key());
      store.delete(asset.key());
    }
    return complete;
  }
}
