package dev.atelier.application.store;

import dev.atelier.application.port.BlobStore;
import dev.atelier.application.port.Generations;
import dev.atelier.application.port.Outputs;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.application.settle.RetrySchedule;
import dev.atelier.application.settle.Settle;
import dev.atelier.domain.Generation;
import dev.atelier.domain.Model;
import dev.atelier.domain.Observation;
import dev.atelier.domain.OutputStatus;
import dev.atelier.domain.State;
import dev.atelier.domain.Transition;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the outputs of a {@link State.Storing} generation, each independently: first the bytes,
 * then the row. Repeatable: an existing blob is reused.
 */
public final class StoreOutputs {
  private static final Logger log = LoggerFactory.getLogger(StoreOutputs.class);

  private final Generations generations;
  private final BlobStore blobs;
  private final Settle settle;
  private final RetrySchedule schedule;
  private final Clock clock;
  private final ExecutorService workers;
  private final OutputTransfer transfer;
  private final TransferLimiter images;
  private final TransferLimiter videos;
  private final ConcurrentMap<OutputAttempt.Id, CompletableFuture<Void>> inFlight =
      new ConcurrentHashMap<>();

  /**
   * @param blobs may reread the source, to write to a second store
   * @param transfersPerKind concurrent transfers of images, and of videos: slow videos must not
   *     delay images
   */
  public StoreOutputs(
      Generations generations,
      Outputs outputs,
      BlobStore blobs,
      Settle settle,
      RetrySchedule schedule,
      Clock clock,
      LongSupplier nanoTime,
      ExecutorService workers,
      int transfersPerKind) {
    this.generations = generations;
    this.transfer = new OutputTransfer(outputs, blobs, settle, clock);
    this.blobs = blobs;
    this.settle = settle;
    this.schedule = schedule;
    this.clock = clock;
    this.workers = workers;
    this.images = new TransferLimiter(transfersPerKind, nanoTime);
    this.videos = new TransferLimiter(transfersPerKind, nanoTime);
  }

  /**
   * Starts one attempt per output that is not stored or being stored by this instance; the result
   * never completes exceptionally.
   *
   * @param generation ignored unless {@link State.Storing}
   * @param attempts earlier ones since the state became storing
   */
  public CompletableFuture<Void> start(Generation generation, int attempts) {
    if (!(generation.state() instanceof State.Storing storing)) {
      return CompletableFuture.completedFuture(null);
    }
    Model.Kind kind = generation.request().model().kind();
    var transfers = new ArrayList<CompletableFuture<Void>>();
    List<OutputStatus> statuses = storing.outputs();
    for (int index = 0; index < statuses.size(); index++) {
      if (statuses.get(index) instanceof OutputStatus.Awaiting awaiting) {
        var outputId = new OutputAttempt.Id(generation.id(), index);
        transfers.add(
            start(new OutputAttempt(outputId, kind, awaiting, storing.expiresAt(), attempts)));
      }
    }
    return CompletableFuture.allOf(transfers.toArray(CompletableFuture[]::new));
  }

  private CompletableFuture<Void> start(OutputAttempt attempt) {
    var done = new CompletableFuture<Void>();
    CompletableFuture<Void> running = inFlight.putIfAbsent(attempt.outputId(), done);
    if (running != null) {
      return running.copy();
    }
    try {
      var _ =
          CompletableFuture.runAsync(() -> run(attempt), workers)
              .whenComplete((_, _) -> done.complete(null));
    } catch (RejectedExecutionException e) {
      // A stopping service starts nothing; the row stays due for another instance.
      inFlight.remove(attempt.outputId());
      done.complete(null);
    }
    return done.copy();
  }

  private void run(OutputAttempt attempt) {
    try {
      store(attempt);
    } finally {
      inFlight.remove(attempt.outputId());
    }
    postponeUnfinished(attempt);
  }

  private void postponeUnfinished(OutputAttempt attempt) {
    try {
      Instant now = clock.instant();
      generations
          .find(attempt.id())
          .filter(this::hasIdleOutput)
          .ifPresent(
              unfinished ->
                  generations.postpone(
                      unfinished, schedule.nextAttempt(unfinished, attempt.attempts(), now)));
    } catch (UnavailableException e) {
      log.warn(
          "could not schedule the next attempt, due when the lease ends: generation={}: {}",
          attempt.id(),
          e.reason());
    } catch (RuntimeException e) {
      log.warn(
          "could not schedule the next attempt, due when the lease ends: generation={}",
          attempt.id(),
          e);
    }
  }

  /** The row must then become due again without waiting for the other transfers. */
  private boolean hasIdleOutput(Generation generation) {
    return generation.state() instanceof State.Storing storing
        && IntStream.range(0, storing.outputs().size())
            .filter(index -> storing.outputs().get(index) instanceof OutputStatus.Awaiting)
            .anyMatch(index -> !inFlight.containsKey(new OutputAttempt.Id(generation.id(), index)));
  }

  private void store(OutputAttempt attempt) {
    try (var permit = limiter(attempt.kind()).acquire()) {
      transfer.run(attempt, permit).ifPresent(observation -> settle(attempt, observation));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (UnavailableException e) {
      log.error(
          "could not store an output, will retry: generation={} output={}: {}",
          attempt.id(),
          attempt.index(),
          e.reason());
    } catch (RuntimeException e) { // the row stays due
      log.error(
          "could not store an output, will retry: generation={} output={}",
          attempt.id(),
          attempt.index(),
          e);
    }
  }

  /** Deletes the blob if the removal of the generation may already have passed it. */
  private void settle(OutputAttempt attempt, Observation observation) {
    boolean orphaned =
        settle
            .settle(attempt.id(), observation)
            .map(Transition::generation)
            .filter(generation -> generation.isActive() || !generation.deleted())
            .isEmpty();
    if (orphaned && observation instanceof Observation.OutputStored stored) {
      blobs.delete(stored.asset().key());
    }
  }

  private TransferLimiter limiter(Model.Kind kind) {
    return switch (kind) {
      // Songs are as small as images.
      case IMAGE, AUDIO -> images;
      case VIDEO -> videos;
    };
  }
}
