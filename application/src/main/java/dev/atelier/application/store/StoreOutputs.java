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
 * Brings the outputs of a {@link State.Storing} generation into our storage, each on its own: bytes
 * first, row second. It may be cut off anywhere and done again: a blob that is there already is
 * taken as it is.
 */
public final class StoreOutputs {
  private static final Logger log = LoggerFactory.getLogger(StoreOutputs.class);

  /** How long an output that cannot be reached is still tried after its time: clocks differ. */
  private static final Duration GRACE = Duration.ofMinutes(1);

  /**
   * For how long an output that is refused is tried again: an error page may be a passing fault of
   * a delivery network. With the pauses of the sweep it is about 20 seconds.
   */
  private static final Duration REFUSED_FOR = Duration.ofSeconds(15);

  /** How often at least, besides: the service may have been away for all of that time. */
  private static final int REFUSED_TRIES = 4;

  private final Generations generations;
  private final Outputs outputs;
  private final BlobStore blobs;
  private final Settle settle;
  private final RetrySchedule schedule;
  private final Clock clock;
  private final ExecutorService workers;
  private final TransferLimiter images;
  private final TransferLimiter videos;
  private final ConcurrentMap<Place, CompletableFuture<Void>> inFlight = new ConcurrentHashMap<>();

  /**
   * Wires the operation.
   *
   * @param blobs is given sources that can be read again from their start, for a second place
   * @param nanoTime as {@link System#nanoTime()}, by which is told how fast bytes arrive
   * @param workers runs the transfers; who made it closes it
   * @param transfersPerLane how many outputs are under way at once on this instance: so many
   *     pictures, and so many videos, which take longer and must not hold up a picture
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
      int transfersPerLane) {
    this.generations = generations;
    this.outputs = outputs;
    this.blobs = blobs;
    this.settle = settle;
    this.schedule = schedule;
    this.clock = clock;
    this.workers = workers;
    this.images = new TransferLimiter(transfersPerLane, nanoTime);
    this.videos = new TransferLimiter(transfersPerLane, nanoTime);
  }

  /**
   * Begins to store every output that still waits for it, and returns at once. One that is on its
   * way already is not begun a second time on this instance. What has failed is due again soon,
   * also while another output of the same generation is still on its way.
   *
   * @param generation does nothing unless it is {@link State.Storing}
   * @param tries how often this was tried before since the generation began to store
   * @return completes, never exceptionally, when every transfer has been tried once
   */
  public CompletableFuture<Void> start(Generation generation, int tries) {
    if (!(generation.state() instanceof State.Storing storing)) {
      return CompletableFuture.completedFuture(null);
    }
    Model.Kind kind = generation.request().model().kind();
    var transfers = new ArrayList<CompletableFuture<Void>>();
    List<OutputStatus> statuses = storing.outputs();
    for (int index = 0; index < statuses.size(); index++) {
      if (statuses.get(index) instanceof OutputStatus.Awaiting awaiting) {
        var place = new Place(generation.id(), index);
        transfers.add(begin(new Attempt(place, kind, awaiting, storing.expiresAt(), tries)));
      }
    }
    return CompletableFuture.allOf(transfers.toArray(CompletableFuture[]::new));
  }

  /** Which output of which generation. */
  private record Place(GenerationId id, int index) {}

  /** One try at one output. */
  private record Attempt(
      Place place, Model.Kind kind, OutputStatus.Awaiting awaiting, Instant expiresAt, int tries) {
    GenerationId id() {
      return place.id();
    }

    int index() {
      return place.index();
    }

    Output output() {
      return awaiting.output();
    }

    /** Whether a refusal is final: it has lasted, or there is no time left. */
    boolean isLastRefusal(Instant now) {
      boolean lasts =
          awaiting
              .refusedSince()
              .filter(since -> !now.isBefore(since.plus(REFUSED_FOR)))
              .isPresent();
      return (lasts && tries >= REFUSED_TRIES) || !now.isBefore(expiresAt);
    }
  }

  private CompletableFuture<Void> begin(Attempt attempt) {
    var done = new CompletableFuture<Void>();
    CompletableFuture<Void> begun = inFlight.putIfAbsent(attempt.place(), done);
    if (begun != null) {
      return begun.copy();
    }
    try {
      var _ =
          CompletableFuture.runAsync(() -> run(attempt), workers)
              .whenComplete((_, _) -> done.complete(null));
    } catch (RejectedExecutionException e) {
      // A service that is stopping begins nothing more; what is due in its row is somebody else's.
      inFlight.remove(attempt.place());
      done.complete(null);
    }
    return done.copy();
  }

  private void run(Attempt attempt) {
    try {
      store(attempt);
    } finally {
      inFlight.remove(attempt.place());
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
              rest -> generations.postpone(rest, schedule.nextLook(rest, attempt.tries(), now)));
    } catch (UnavailableException e) { // it is due all the same, only later
      log.warn("generation {} could not be postponed: {}", attempt.id(), e.reason());
    } catch (RuntimeException e) {
      log.warn("generation {} could not be postponed", attempt.id(), e);
    }
  }

  /** Whether an output waits that is not on its way: the row is not to wait for those that are. */
  private boolean hasIdleOutput(Generation generation) {
    return generation.state() instanceof State.Storing storing
        && IntStream.range(0, storing.outputs().size())
            .filter(index -> storing.outputs().get(index) instanceof OutputStatus.Awaiting)
            .anyMatch(index -> !inFlight.containsKey(new Place(generation.id(), index)));
  }

  private void store(Attempt attempt) {
    try (var permit = lane(attempt.kind()).acquire()) {
      transfer(attempt, permit).ifPresent(seen -> settle(attempt, seen));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (UnavailableException e) {
      log.error(
          "generation {} output {} is not stored yet: {}",
          attempt.id(),
          attempt.index(),
          e.reason());
    } catch (RuntimeException e) { // the row says what is still due; nothing waits for this thread
      log.error("generation {} output {} is not stored yet", attempt.id(), attempt.index(), e);
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

  private TransferLimiter lane(Model.Kind kind) {
    return switch (kind) {
      case IMAGE -> images;
      case VIDEO -> videos;
    };
  }

  /** What became of one output, or empty when it has to be tried again. */
  private Optional<Observation> transfer(Attempt attempt, TransferLimiter.Permit permit) {
    return switch (outputs.fetch(attempt.output())) {
      case Fetch.Content content when needsConfirmation(attempt, content) -> {
        close(content);
        yield refuse(attempt, "only text, which may be an error message");
      }
      case Fetch.Content content -> keep(attempt, content, permit);
      case Fetch.Gone _ -> resultIfEnded(attempt);
      case Fetch.Rejected rejected -> refuse(attempt, rejected.reason());
      case Fetch.Unavailable unavailable -> later(attempt, unavailable.reason());
    };
  }

  private Optional<Observation> keep(
      Attempt attempt, Fetch.Content content, TransferLimiter.Permit permit) {
    MediaType type = content.type();
    try (InputStream bytes = permit.paced(content.bytes())) {
      byte[] head = bytes.readNBytes(Dimensions.HEAD_LENGTH);
      var whole = new SequenceInputStream(new ByteArrayInputStream(head), bytes);
      BlobKey key = BlobKey.of(attempt.id(), attempt.index(), type);
      try (var source =
          new RefetchableInputStream(
              whole, () -> permit.paced(fetchAgain(attempt.output(), type)))) {
        Asset asset = blobs.put(key, type, source).measured(Dimensions.of(type, head));
        return Optional.of(new Observation.OutputStored(attempt.index(), asset));
      }
    } catch (Outputs.RejectedException e) {
      return rejected(attempt, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return later(attempt, "broke off: " + e.getClass().getSimpleName());
    }
  }

  private InputStream fetchAgain(Output output, MediaType type) throws IOException {
    return switch (outputs.fetch(output)) {
      case Fetch.Content again when again.type() == type -> again.bytes();
      case Fetch.Content other -> {
        other.close();
        throw new IOException("of another type than before");
      }
      case Fetch.Gone _ -> throw new IOException("not there any more");
      case Fetch.Rejected rejected -> throw new IOException(rejected.reason());
      case Fetch.Unavailable unavailable -> throw new IOException(unavailable.reason());
    };
  }

  private Optional<Observation> resultIfEnded(Attempt attempt) {
    return clock.instant().isBefore(attempt.expiresAt())
        ? later(attempt, "not there yet")
        : lost(attempt, Failure.Code.OUTPUT_EXPIRED, "not there any more");
  }

  /** Text is kept when that is all there is after a few tries. */
  private boolean needsConfirmation(Attempt attempt, Fetch.Content content) {
    return content.type() == MediaType.TEXT && !attempt.isLastRefusal(clock.instant());
  }

  private static void close(Fetch.Content content) {
    try {
      content.close();
    } catch (IOException e) {
      log.debug("could not close an output", e);
    }
  }

  /**
   * An error page or an address that is not allowed. The first refusal is remembered in the row, so
   * that all instances together decide after about 20 seconds, and log it once.
   */
  private Optional<Observation> refuse(Attempt attempt, String reason) {
    if (attempt.isLastRefusal(clock.instant())) {
      return rejected(attempt, reason);
    }
    var refused = new Observation.OutputRefused(attempt.index());
    if (settle.settle(attempt.id(), refused).orElse(null) instanceof Transition.Applied) {
      log.warn(
          "output refused, will retry for a few seconds: generation={} output={} reason={}",
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
    return storedBefore(attempt)
        .or(
            () -> {
              log.warn(
                  "output lost: generation={} output={} code={}{}",
                  attempt.id(),
                  attempt.index(),
                  code.value(),
                  attempt.awaiting().refusedSince().isEmpty() ? " reason=" + reason : "");
              var failure = new Failure(code, reason);
              return Optional.of(new Observation.OutputLost(attempt.index(), failure));
            });
  }

  /**
   * Cut off between the bytes and the row, an earlier try may have left them. That is looked for
   * only when the output would be lost otherwise: each look asks for every type there is.
   */
  private Optional<Observation> storedBefore(Attempt attempt) {
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
    } catch (IOException e) { // it is there all the same
      return asset;
    }
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
