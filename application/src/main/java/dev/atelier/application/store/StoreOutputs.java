package dev.atelier.application.store;

import dev.atelier.application.port.BlobStore;
import dev.atelier.application.port.Generations;
import dev.atelier.application.port.Outputs;
import dev.atelier.application.port.Outputs.Fetch;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.application.settle.RetrySchedule;
import dev.atelier.application.settle.Settle;
import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.Dimensions;
import dev.atelier.domain.Failure;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.MediaType;
import dev.atelier.domain.Model;
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
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the outputs of a {@link State.Storing} generation, each independently: first the bytes,
 * then the row. Safe to interrupt and repeat; an existing blob is reused.
 */
public final class StoreOutputs {
  private static final Logger log = LoggerFactory.getLogger(StoreOutputs.class);

  /** How long after their expiry unreachable outputs are still retried, because clocks differ. */
  private static final Duration GRACE = Duration.ofMinutes(1);

  /**
   * How long a refused output is retried, because an error page may be transient. About 20 seconds
   * with the delays of the sweep.
   */
  private static final Duration REJECTION_TIMEOUT = Duration.ofSeconds(15);

  /** The minimum number of attempts, in case the service was down during that time. */
  private static final int REFUSED_ATTEMPTS = 4;

  private final Generations generations;
  private final Outputs outputs;
  private final BlobStore blobs;
  private final Settle settle;
  private final RetrySchedule schedule;
  private final Clock clock;
  private final ExecutorService workers;
  private final TransferLimiter images;
  private final TransferLimiter videos;
  private final ConcurrentMap<OutputId, CompletableFuture<Void>> inFlight =
      new ConcurrentHashMap<>();

  /**
   * @param blobs receives sources that can be reread, to write to a second store
   * @param nanoTime {@link System#nanoTime()}
   * @param workers closed by the caller
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
    this.outputs = outputs;
    this.blobs = blobs;
    this.settle = settle;
    this.schedule = schedule;
    this.clock = clock;
    this.workers = workers;
    this.images = new TransferLimiter(transfersPerKind, nanoTime);
    this.videos = new TransferLimiter(transfersPerKind, nanoTime);
  }

  /**
   * Starts to store every output that is not stored or already being stored by this instance. A
   * failed output is due again soon, even while others are being transferred.
   *
   * @param generation ignored unless {@link State.Storing}
   * @param attempts earlier attempts since the state became storing
   * @return completes after one attempt per output; never exceptionally
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
        var outputId = new OutputId(generation.id(), index);
        transfers.add(start(new Attempt(outputId, kind, awaiting, storing.expiresAt(), attempts)));
      }
    }
    return CompletableFuture.allOf(transfers.toArray(CompletableFuture[]::new));
  }

  private record OutputId(GenerationId id, int index) {}

  private record Attempt(
      OutputId outputId,
      Model.Kind kind,
      OutputStatus.Awaiting awaiting,
      Instant expiresAt,
      int attempts) {
    GenerationId id() {
      return outputId.id();
    }

    int index() {
      return outputId.index();
    }

    Output output() {
      return awaiting.output();
    }

    /** Whether a refusal is final: it has lasted long enough, or the outputs expire. */
    boolean isLastRejection(Instant now) {
      boolean lasts =
          awaiting
              .rejectedSince()
              .filter(since -> !now.isBefore(since.plus(REJECTION_TIMEOUT)))
              .isPresent();
      return (lasts && attempts >= REFUSED_ATTEMPTS) || !now.isBefore(expiresAt);
    }
  }

  private CompletableFuture<Void> start(Attempt attempt) {
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

  private void run(Attempt attempt) {
    try {
      store(attempt);
    } finally {
      inFlight.remove(attempt.outputId());
    }
    postponeUnfinished(attempt);
  }

  private void postponeUnfinished(Attempt attempt) {
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

  /** If an output is not being transferred, the row must be due before the other transfers end. */
  private boolean hasIdleOutput(Generation generation) {
    return generation.state() instanceof State.Storing storing
        && IntStream.range(0, storing.outputs().size())
            .filter(index -> storing.outputs().get(index) instanceof OutputStatus.Awaiting)
            .anyMatch(index -> !inFlight.containsKey(new OutputId(generation.id(), index)));
  }

  private void store(Attempt attempt) {
    try (var permit = limiter(attempt.kind()).acquire()) {
      transfer(attempt, permit).ifPresent(observation -> settle(attempt, observation));
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

  /** Deletes the blob if the generation was removed meanwhile, because no row names it. */
  private void settle(Attempt attempt, Observation observation) {
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
      case IMAGE -> images;
      case VIDEO -> videos;
    };
  }

  /** The result for one output; empty if it must be retried. */
  private Optional<Observation> transfer(Attempt attempt, TransferLimiter.Permit permit) {
    return switch (outputs.fetch(attempt.output())) {
      case Fetch.Content content when needsConfirmation(attempt, content) -> {
        close(content);
        yield reject(attempt, "only text, which may be an error message");
      }
      case Fetch.Content content -> write(attempt, content, permit);
      case Fetch.Gone _ -> retryOrExpire(attempt);
      case Fetch.Rejected rejected -> reject(attempt, rejected.reason());
      case Fetch.Unavailable unavailable -> retryUnlessExpired(attempt, unavailable.reason());
    };
  }

  private Optional<Observation> write(
      Attempt attempt, Fetch.Content content, TransferLimiter.Permit permit) {
    MediaType type = content.type();
    try (InputStream bytes = permit.preemptible(content.bytes())) {
      byte[] head = bytes.readNBytes(Dimensions.HEAD_LENGTH);
      var whole = new SequenceInputStream(new ByteArrayInputStream(head), bytes);
      BlobKey key = BlobKey.of(attempt.id(), attempt.index(), type);
      try (var source =
          new RefetchableInputStream(
              whole, () -> permit.preemptible(fetchAgain(attempt.output(), type)))) {
        Asset asset = blobs.put(key, type, source).measured(Dimensions.of(type, head));
        return Optional.of(new Observation.OutputStored(attempt.index(), asset));
      }
    } catch (Outputs.RejectedException e) {
      return rejected(attempt, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return retryUnlessExpired(attempt, "transfer failed: " + e.getClass().getSimpleName());
    }
  }

  private InputStream fetchAgain(Output output, MediaType type) throws IOException {
    return switch (outputs.fetch(output)) {
      case Fetch.Content again when again.type() == type -> again.bytes();
      case Fetch.Content other -> {
        other.close();
        throw new IOException("the media type has changed");
      }
      case Fetch.Gone _ -> throw new IOException("not found");
      case Fetch.Rejected rejected -> throw new IOException(rejected.reason());
      case Fetch.Unavailable unavailable -> throw new IOException(unavailable.reason());
    };
  }

  private Optional<Observation> retryOrExpire(Attempt attempt) {
    return clock.instant().isBefore(attempt.expiresAt())
        ? retryUnlessExpired(attempt, "not found yet")
        : lost(attempt, Failure.Code.OUTPUT_EXPIRED, "not found");
  }

  /** Text is stored only if repeated attempts return it as well. */
  private boolean needsConfirmation(Attempt attempt, Fetch.Content content) {
    return content.type() == MediaType.TEXT && !attempt.isLastRejection(clock.instant());
  }

  private static void close(Fetch.Content content) {
    try {
      content.close();
    } catch (IOException e) {
      log.debug("could not close an output", e);
    }
  }

  /** The row records the first refusal, so that all instances decide together and log it once. */
  private Optional<Observation> reject(Attempt attempt, String reason) {
    if (attempt.isLastRejection(clock.instant())) {
      return rejected(attempt, reason);
    }
    var refused = new Observation.OutputRejected(attempt.index());
    if (settle.settle(attempt.id(), refused).orElse(null) instanceof Transition.Applied) {
      log.warn(
          "output rejected, will retry for a few seconds: generation={} output={} reason={}",
          attempt.id(),
          attempt.index(),
          reason);
    }
    return Optional.empty();
  }

  private Optional<Observation> rejected(Attempt attempt, String reason) {
    return lost(attempt, Failure.Code.OUTPUT_REJECTED, reason);
  }

  private Optional<Observation> lost(Attempt attempt, Failure.Code code, String reason) {
    return findStored(attempt)
        .or(
            () -> {
              log.warn(
                  "output lost: generation={} output={} code={}{}",
                  attempt.id(),
                  attempt.index(),
                  code.value(),
                  attempt.awaiting().rejectedSince().isEmpty() ? " reason=" + reason : "");
              var failure = new Failure(code, reason);
              return Optional.of(new Observation.OutputLost(attempt.index(), failure));
            });
  }

  /**
   * Finds a blob that an interrupted attempt left behind. Checked only before an output is given
   * up, because it looks up every media type.
   */
  private Optional<Observation> findStored(Attempt attempt) {
    return Stream.of(MediaType.values())
        .map(type -> blobs.find(BlobKey.of(attempt.id(), attempt.index(), type), type))
        .flatMap(Optional::stream)
        .findFirst()
        .map(asset -> new Observation.OutputStored(attempt.index(), measured(asset)));
  }

  private Asset measured(Asset asset) {
    Optional<InputStream> opened = blobs.open(asset.key());
    if (opened.isEmpty()) {
      return asset;
    }
    try (InputStream bytes = opened.get()) {
      byte[] head = bytes.readNBytes(Dimensions.HEAD_LENGTH);
      return asset.measured(Dimensions.of(asset.type(), head));
    } catch (IOException e) { // the dimensions stay unknown
      return asset;
    }
  }

  /** Retries until the outputs have expired. */
  private Optional<Observation> retryUnlessExpired(Attempt attempt, String reason) {
    if (!clock.instant().isBefore(attempt.expiresAt().plus(GRACE))) {
      return lost(attempt, Failure.Code.OUTPUT_EXPIRED, reason);
    }
    log.warn(
        "could not store an output, will retry: generation={} output={}: {}",
        attempt.id(),
        attempt.index(),
        reason);
    return Optional.empty();
  }
}
