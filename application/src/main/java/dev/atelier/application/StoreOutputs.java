package dev.atelier.application;

import dev.atelier.application.port.BlobStore;
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
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
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

  private final Outputs outputs;
  private final BlobStore blobs;
  private final Settle settle;
  private final Clock clock;
  private final ExecutorService workers;
  private final Semaphore transfers;

  /**
   * Wires the operation.
   *
   * @param workers runs the transfers; who made it closes it
   * @param maxTransfers how many outputs are under way at once on this instance
   */
  public StoreOutputs(
      Outputs outputs,
      BlobStore blobs,
      Settle settle,
      Clock clock,
      ExecutorService workers,
      int maxTransfers) {
    this.outputs = outputs;
    this.blobs = blobs;
    this.settle = settle;
    this.clock = clock;
    this.workers = workers;
    this.transfers = new Semaphore(maxTransfers, true);
  }

  /**
   * Begins to store every output that still waits for it, and returns at once.
   *
   * @param generation does nothing unless it is {@link State.Storing}
   * @return completes, never exceptionally, when every transfer has been tried once
   */
  public CompletableFuture<Void> start(Generation generation) {
    if (!(generation.state() instanceof State.Storing storing)) {
      return CompletableFuture.completedFuture(null);
    }
    var tries = new ArrayList<CompletableFuture<Void>>();
    List<OutputStatus> statuses = storing.outputs();
    for (int index = 0; index < statuses.size(); index++) {
      if (statuses.get(index) instanceof OutputStatus.Awaiting(Output output)) {
        int number = index;
        tries.add(
            CompletableFuture.runAsync(
                () -> store(generation.id(), number, output, storing.expiresAt()), workers));
      }
    }
    return CompletableFuture.allOf(tries.toArray(CompletableFuture[]::new));
  }

  private void store(GenerationId id, int index, Output output, Instant expiresAt) {
    try {
      transfers.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    try {
      Optional<Observation> observation = transfer(id, index, output, expiresAt);
      observation.ifPresent(seen -> settle.settle(id, seen));
    } catch (RuntimeException e) { // the row says what is still due; nothing waits for this thread
      log.error("generation {} output {} is not stored yet", id, index, e);
    } finally {
      transfers.release();
    }
  }

  /** What became of one output, or empty when it has to be tried again. */
  private Optional<Observation> transfer(
      GenerationId id, int index, Output output, Instant expiresAt) {
    switch (outputs.fetch(output)) {
      case Fetch.Content content -> {
        return keep(id, index, content);
      }
      case Fetch.Gone _ -> {
        // Cut off between the bytes and the row, an earlier try may have left them.
        Optional<Asset> earlier = storedBefore(id, index);
        if (earlier.isPresent()) {
          return Optional.of(new Observation.OutputStored(index, earlier.get()));
        }
        if (clock.instant().isBefore(expiresAt)) {
          return later(id, index, "not there yet");
        }
        return lost(index, Failure.Code.OUTPUT_EXPIRED, "not there any more");
      }
      case Fetch.Rejected rejected -> {
        log.warn("generation {} output {} is rejected: {}", id, index, rejected.reason());
        return lost(index, Failure.Code.OUTPUT_REJECTED, rejected.reason());
      }
      case Fetch.Unavailable unavailable -> {
        return later(id, index, unavailable.reason());
      }
    }
  }

  private Optional<Observation> keep(GenerationId id, int index, Fetch.Content content) {
    try (content) {
      InputStream bytes = content.bytes();
      byte[] head = bytes.readNBytes(MediaType.HEAD_LENGTH);
      Optional<MediaType> type = MediaType.detect(head);
      if (type.isEmpty()) {
        return lost(index, Failure.Code.OUTPUT_REJECTED, "not of a type that is kept");
      }
      var whole = new SequenceInputStream(new ByteArrayInputStream(head), bytes);
      Asset asset = blobs.put(BlobKey.of(id, index, type.get()), type.get(), whole);
      return Optional.of(new Observation.OutputStored(index, asset));
    } catch (Outputs.RejectedException e) {
      return lost(index, Failure.Code.OUTPUT_REJECTED, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return later(id, index, "broke off: " + e.getClass().getSimpleName());
    }
  }

  private Optional<Asset> storedBefore(GenerationId id, int index) {
    return Stream.of(MediaType.values())
        .map(type -> blobs.find(BlobKey.of(id, index, type), type))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<Observation> lost(int index, Failure.Code code, String diagnostic) {
    return Optional.of(new Observation.OutputLost(index, new Failure(code, diagnostic)));
  }

  private static Optional<Observation> later(GenerationId id, int index, String reason) {
    log.warn("generation {} output {} is not stored yet: {}", id, index, reason);
    return Optional.empty();
  }
}
