package dev.atelier.application.store;

import dev.atelier.application.port.BlobStore;
import dev.atelier.application.port.Outputs;
import dev.atelier.application.port.Outputs.Fetch;
import dev.atelier.application.settle.Settle;
import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.Dimensions;
import dev.atelier.domain.Failure;
import dev.atelier.domain.MediaType;
import dev.atelier.domain.Observation;
import dev.atelier.domain.Output;
import dev.atelier.domain.Transition;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Downloads one output into the blob store, and decides what a failure means. */
final class OutputTransfer {
  private static final Logger log = LoggerFactory.getLogger(OutputTransfer.class);

  /** Clocks differ, so unreachable outputs are retried after their expiry. */
  private static final Duration GRACE = Duration.ofMinutes(1);

  private final Outputs outputs;
  private final BlobStore blobs;
  private final Settle settle;
  private final Clock clock;

  OutputTransfer(Outputs outputs, BlobStore blobs, Settle settle, Clock clock) {
    this.outputs = outputs;
    this.blobs = blobs;
    this.settle = settle;
    this.clock = clock;
  }

  /** Empty if it must be retried. */
  Optional<Observation> run(OutputAttempt attempt, TransferLimiter.Permit permit) {
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
      OutputAttempt attempt, Fetch.Content content, TransferLimiter.Permit permit) {
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

  private Optional<Observation> retryOrExpire(OutputAttempt attempt) {
    return clock.instant().isBefore(attempt.expiresAt())
        ? retryUnlessExpired(attempt, "not found yet")
        : lost(attempt, Failure.Code.OUTPUT_EXPIRED, "not found");
  }

  /** Text may be an error page; it is stored if repeated attempts return it as well. */
  private boolean needsConfirmation(OutputAttempt attempt, Fetch.Content content) {
    return content.type() == MediaType.TEXT && !attempt.isLastRejection(clock.instant());
  }

  private static void close(Fetch.Content content) {
    try {
      content.close();
    } catch (IOException e) {
      log.debug("could not close an output", e);
    }
  }

  /** The row records the first rejection, so that all instances decide together. */
  private Optional<Observation> reject(OutputAttempt attempt, String reason) {
    if (attempt.isLastRejection(clock.instant())) {
      return rejected(attempt, reason);
    }
    var rejection = new Observation.OutputRejected(attempt.index());
    if (settle.settle(attempt.id(), rejection).orElse(null) instanceof Transition.Applied) {
      log.warn(
          "output rejected, will retry for a few seconds: generation={} output={} reason={}",
          attempt.id(),
          attempt.index(),
          reason);
    }
    return Optional.empty();
  }

  private Optional<Observation> rejected(OutputAttempt attempt, String reason) {
    return lost(attempt, Failure.Code.OUTPUT_REJECTED, reason);
  }

  private Optional<Observation> lost(OutputAttempt attempt, Failure.Code code, String reason) {
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

  /** Finds a blob of an interrupted attempt. Looks up every media type, so it is called last. */
  private Optional<Observation> findStored(OutputAttempt attempt) {
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

  private Optional<Observation> retryUnlessExpired(OutputAttempt attempt, String reason) {
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
