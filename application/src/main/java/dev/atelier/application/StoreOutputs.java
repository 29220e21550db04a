package dev.atelier.application;

import dev.atelier.application.port.BlobStore;
import dev.atelier.application.port.Generations;
import dev.atelier.application.port.Outputs;
import dev.atelier.application.port.Outputs.Fetch;
import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.Failure;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.MediaType;
import dev.atelier.domain.Observation;
import dev.atelier.domain.Output;
import dev.atelier.domain.OutputStatus;
import dev.atelier.domain.State;
import dev.atelier.domain.Transition;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the outputs of a {@link State.Storing} generation into our storage, each on its own: bytes
 * first, row second. It may be cut off anywhere and done again: a blob that is there already is
 * taken as it is.
 */
public final class StoreOutputs {
  private static final Logger log = LoggerFactory.getLogger(StoreOutputs.class);

  /**
   * How often an output is tried that is none, by its address or its bytes, before that is
   * believed.
   */
  private static final int TRIES_IN_DOUBT = 2;

  /** How long an output that cannot be reached is still tried after its time: clocks differ. */
  private static final Duration GRACE = Duration.ofMinutes(1);

  private final Generations generations;
  private final Outputs outputs;
  private final BlobStore blobs;
  private final Settle settle;
  private final SweepSchedule schedule;
  private final Clock clock;
  private final ExecutorService workers;
  private final Semaphore transfers;
  private final ConcurrentMap<GenerationId, CompletableFuture<Void>> inFlight =
      new ConcurrentHashMap<>();

  /**
   * Wires the operation.
   *
   * @param blobs is given sources that can be read again from their start, for a second place
   * @param workers runs the transfers; who made it closes it
   * @param maxTransfers how many outputs are under way at once on this instance
   */
  public StoreOutputs(
      Generations generations,
      Outputs outputs,
      BlobStore blobs,
      Settle settle,
      SweepSchedule schedule,
      Clock clock,
      ExecutorService workers,
      int maxTransfers) {
    this.generations = generations;
    this.outputs = outputs;
    this.blobs = blobs;
    this.settle = settle;
    this.schedule = schedule;
    this.clock = clock;
    this.workers = workers;
    this.transfers = new Semaphore(maxTransfers, true);
  }

  /**
   * Begins to store every output that still waits for it, and returns at once. A generation whose
   * outputs are on their way already is not begun a second time on this instance. What is still due
   * when all were tried is due again soon.
   *
   * @param generation does nothing unless it is {@link State.Storing}
   * @param tries how often this was tried before since the generation began to store
   * @return completes, never exceptionally, when every transfer has been tried once
   */
  public CompletableFuture<Void> start(Generation generation, int tries) {
    if (!(generation.state() instanceof State.Storing storing)) {
      return CompletableFuture.completedFuture(null);
    }
    var done = new CompletableFuture<Void>();
    CompletableFuture<Void> begun = inFlight.putIfAbsent(generation.id(), done);
    if (begun != null) {
      return begun.copy();
    }
    var _ =
        tryEach(generation.id(), storing, tries)
            .whenComplete(
                (_, _) -> {
                  inFlight.remove(generation.id());
                  done.complete(null);
                });
    return done.copy();
  }

  private CompletableFuture<Void> tryEach(GenerationId id, State.Storing storing, int tries) {
    var transfers = new ArrayList<CompletableFuture<Void>>();
    List<OutputStatus> statuses = storing.outputs();
    for (int index = 0; index < statuses.size(); index++) {
      if (statuses.get(index) instanceof OutputStatus.Awaiting(Output output)) {
        var attempt = new Attempt(id, index, output, storing.expiresAt(), tries);
        transfers.add(run(() -> store(attempt)));
      }
    }
    return CompletableFuture.allOf(transfers.toArray(CompletableFuture[]::new))
        .thenRun(() -> postponeRest(id, tries));
  }

  /** A service that is stopping begins nothing more; what is due in its row is somebody else's. */
  private CompletableFuture<Void> run(Runnable transfer) {
    try {
      return CompletableFuture.runAsync(transfer, workers);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(null);
    }
  }

  /** One try at one output. */
  private record Attempt(GenerationId id, int index, Output output, Instant expiresAt, int tries) {}

  private void postponeRest(GenerationId id, int tries) {
    try {
      Instant now = clock.instant();
      generations
          .find(id)
          .filter(Generation::isActive)
          .ifPresent(rest -> generations.postpone(rest, schedule.nextLook(rest, tries, now)));
    } catch (RuntimeException e) { // it is due all the same, only later
      log.warn("generation {} could not be postponed", id, e);
    }
  }

  private void store(Attempt attempt) {
    try {
      transfers.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    try {
      transfer(attempt).ifPresent(seen -> settle(attempt, seen));
    } catch (RuntimeException e) { // the row says what is still due; nothing waits for this thread
      log.error("generation {} output {} is not stored yet", attempt.id(), attempt.index(), e);
    } finally {
      transfers.release();
    }
  }

  /** Bytes that come when the generation was deleted already are known to nobody but us. */
  private void settle(Attempt attempt, Observation seen) {
    boolean unwanted =
        settle
            .settle(attempt.id(), seen)
            .map(Transition::generation)
            .filter(generation -> generation.isActive() || !generation.deleted())
            .isEmpty();
    if (unwanted && seen instanceof Observation.OutputStored stored) {
      blobs.delete(stored.asset().key());
    }
  }

  /** What became of one output, or empty when it has to be tried again. */
  private Optional<Observation> transfer(Attempt attempt) {
    return switch (outputs.fetch(attempt.output())) {
      case Fetch.Content content -> keep(attempt, content);
      case Fetch.Gone _ -> gone(attempt);
      case Fetch.Rejected rejected -> doubtful(attempt, rejected.reason());
      case Fetch.Unavailable unavailable -> later(attempt, unavailable.reason());
    };
  }

  private Optional<Observation> keep(Attempt attempt, Fetch.Content content) {
    try (content) {
      InputStream bytes = content.bytes();
      byte[] head = bytes.readNBytes(MediaType.HEAD_LENGTH);
      Optional<MediaType> type = MediaType.detect(head);
      if (type.isEmpty()) {
        return doubtful(attempt, "not of a type that is kept");
      }
      var whole = new SequenceInputStream(new ByteArrayInputStream(head), bytes);
      BlobKey key = BlobKey.of(attempt.id(), attempt.index(), type.get());
      try (var source = new RefetchableInputStream(whole, outputs, attempt.output())) {
        Asset asset = blobs.put(key, type.get(), source);
        return Optional.of(new Observation.OutputStored(attempt.index(), asset));
      }
    } catch (Outputs.RejectedException e) {
      return rejected(attempt, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return later(attempt, "broke off: " + e.getClass().getSimpleName());
    }
  }

  private Optional<Observation> gone(Attempt attempt) {
    return clock.instant().isBefore(attempt.expiresAt())
        ? storedBefore(attempt).or(() -> later(attempt, "not there yet"))
        : lost(attempt, Failure.Code.OUTPUT_EXPIRED, "not there any more");
  }

  /** An error page, a redirect, a strange address: all may be right again in a moment. */
  private Optional<Observation> doubtful(Attempt attempt, String reason) {
    return attempt.tries() < TRIES_IN_DOUBT ? later(attempt, reason) : rejected(attempt, reason);
  }

  private Optional<Observation> rejected(Attempt attempt, String reason) {
    return lost(attempt, Failure.Code.OUTPUT_REJECTED, reason);
  }

  private Optional<Observation> lost(Attempt attempt, Failure.Code code, String reason) {
    return storedBefore(attempt)
        .or(
            () -> {
              log.warn(
                  "generation {} output {} is lost: {}, {}",
                  attempt.id(),
                  attempt.index(),
                  code.value(),
                  reason);
              var failure = new Failure(code, reason);
              return Optional.of(new Observation.OutputLost(attempt.index(), failure));
            });
  }

  /** Cut off between the bytes and the row, an earlier try may have left them. */
  private Optional<Observation> storedBefore(Attempt attempt) {
    return Stream.of(MediaType.values())
        .map(type -> blobs.find(BlobKey.of(attempt.id(), attempt.index(), type), type))
        .flatMap(Optional::stream)
        .findFirst()
        .map(asset -> new Observation.OutputStored(attempt.index(), asset));
  }

  /** Nothing comes back after the five minutes, so then there is no later. */
  private Optional<Observation> later(Attempt attempt, String reason) {
    if (!clock.instant().isBefore(attempt.expiresAt().plus(GRACE))) {
      return lost(attempt, Failure.Code.OUTPUT_EXPIRED, reason);
    }
    log.warn(
        "generation {} output {} is not stored yet: {}", attempt.id(), attempt.index(), reason);
    return Optional.empty();
  }
}
