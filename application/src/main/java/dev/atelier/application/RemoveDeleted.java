package dev.atelier.application;

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
 * Removes everything of a deleted generation that has ended: its bytes first, its row last, so that
 * what is left is always known. It may be cut off anywhere and done again, by anybody.
 */
public final class RemoveDeleted {
  private static final Logger log = LoggerFactory.getLogger(RemoveDeleted.class);

  /** Longer than a blob is on its way from the spool into the storage. */
  private static final Duration MOVED_WITHIN = Duration.ofMinutes(2);

  private final Generations generations;
  private final BlobStore store;
  private final BlobSpool spool;
  private final Predictions predictions;
  private final Clock clock;
  private final ExecutorService workers;

  /**
   * Wires the operation.
   *
   * @param workers runs what is started; who made it closes it
   */
  public RemoveDeleted(
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

  /**
   * Begins to remove the generation, and returns at once.
   *
   * @return completes, never exceptionally, when it was tried
   */
  public CompletableFuture<Void> start(Generation generation) {
    try {
      return CompletableFuture.runAsync(() -> remove(generation), workers);
    } catch (RejectedExecutionException e) { // stopping; it is somebody else's
      return CompletableFuture.completedFuture(null);
    }
  }

  /**
   * Removes the generation, as far as that is possible now. What is left is due again.
   *
   * @param generation does nothing unless it is deleted and has ended
   */
  private void remove(Generation generation) {
    if (!generation.deleted() || generation.isActive()) {
      return;
    }
    try {
      if (removeBytes(generation)) {
        // Skytells forgets the outputs by itself; it is asked once, whatever it says.
        generation.state().prediction().ifPresent(predictions::delete);
        generations.remove(generation.id());
        log.info("generation {} is removed", generation.id());
      } else {
        generations.postpone(generation, clock.instant().plus(MOVED_WITHIN));
      }
    } catch (RuntimeException e) { // it is due again
      log.warn("generation {} is not removed yet", generation.id(), e);
    }
  }

  /**
   * What is spooled may be on its way into the storage at this moment, and arrive there after it
   * was removed from there.
   *
   * @return whether that is out of the question
   */
  private boolean removeBytes(Generation generation) {
    boolean settled = true;
    for (Asset asset : generation.state().storedAssets()) {
      settled &= spool.find(asset.key(), asset.type()).isEmpty();
      spool.delete(asset.key());
      store.delete(asset.key());
    }
    return settled;
  }
}
