package dev.atelier.application.upload;

import dev.atelier.application.port.BlobStore;
import dev.atelier.application.port.GenerationIds;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.application.port.Uploads;
import dev.atelier.application.port.Uploads.Pending;
import dev.atelier.domain.Asset;
import dev.atelier.domain.Dimensions;
import dev.atelier.domain.MediaType;
import dev.atelier.domain.Upload;
import dev.atelier.domain.UploadId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the row first, then the blob, then completes the row. */
public final class CreateUploadService implements CreateUpload {
  private static final Logger log = LoggerFactory.getLogger(CreateUploadService.class);

  /** Longer than a client may take to send a file. */
  private static final Duration MAX_DURATION = Duration.ofHours(1);

  private static final int MAX_CONCURRENT = 16;

  private static final String ACCEPTED =
      "The file must be an image (PNG, JPEG, WebP, GIF, AVIF), a video (MP4, QuickTime, WebM, Ogg)"
          + " or audio (MP3, M4A, WAV, FLAC, Ogg).";

  private final Uploads uploads;
  private final BlobStore blobs;
  private final GenerationIds ids;
  private final int perDay;
  private final Clock clock;
  private final Semaphore permits = new Semaphore(MAX_CONCURRENT);

  /**
   * @param perDay the number of uploads of one owner on one UTC day
   */
  public CreateUploadService(
      Uploads uploads, BlobStore blobs, GenerationIds ids, int perDay, Clock clock) {
    this.uploads = uploads;
    this.blobs = blobs;
    this.ids = ids;
    this.perDay = perDay;
    this.clock = clock;
  }

  @Override
  public Result create(Command command) throws IOException {
    if (!permits.tryAcquire()) {
      return new Result.Busy();
    }
    try {
      return receive(command);
    } finally {
      permits.release();
    }
  }

  private Result receive(Command command) throws IOException {
    byte[] head = command.body().readNBytes(MediaType.HEAD_LENGTH);
    Optional<MediaType> type = MediaType.detect(head).filter(MediaType::isInline);
    if (type.isEmpty()) {
      return new Result.Rejected(ACCEPTED);
    }
    if (DeclaredType.contradicts(command.declaredType(), type.get())) {
      return new Result.Rejected(
          "The file is declared as %s, but its content is %s."
              .formatted(command.declaredType().orElse(""), type.get().value()));
    }
    Instant now = clock.instant();
    var pending = new Pending(new UploadId(ids.next().value()), command.owner(), type.get(), now);
    if (!uploads.add(pending, now.plus(MAX_DURATION), perDay)) {
      Instant tomorrow = now.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1));
      return new Result.LimitReached(perDay, Duration.between(now, tomorrow));
    }
    var whole = new SequenceInputStream(new ByteArrayInputStream(head), command.body());
    InputStream stored = command.keepMetadata() ? whole : MetadataFilter.of(type.get(), whole);
    return store(pending, stored);
  }

  private Result store(Pending pending, InputStream source) throws IOException {
    boolean complete = false;
    try {
      var measuring = new HeadInputStream(source, Dimensions.HEAD_LENGTH);
      Asset asset = blobs.put(pending.key(), pending.type(), measuring);
      Asset measured = asset.measured(Dimensions.of(pending.type(), measuring.head()));
      Optional<Upload> upload =
          uploads.complete(pending.id(), measured, clock.instant().plus(Upload.LIFETIME));
      if (upload.isEmpty()) {
        blobs.delete(pending.key()); // the sweep may have removed the row before the blob was put
        throw new UnavailableException("the upload took too long", new IOException("removed"));
      }
      complete = true;
      log.info(
          "upload stored: upload={} type={} bytes={}",
          pending.id(),
          pending.type().value(),
          asset.bytes());
      return new Result.Stored(upload.get());
    } catch (MalformedFileException e) {
      return new Result.Rejected(
          "The file is damaged: it is not a valid " + pending.type().value() + ".");
    } finally {
      if (!complete) {
        discard(pending);
      }
    }
  }

  /** The sweep removes what cannot be removed now. */
  private void discard(Pending pending) {
    try {
      uploads.delete(pending.id(), clock.instant());
    } catch (UnavailableException e) {
      log.warn(
          "could not discard a failed upload, it is removed later: upload={}: {}",
          pending.id(),
          e.reason());
    }
  }
}
