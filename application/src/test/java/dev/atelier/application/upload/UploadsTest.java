package dev.atelier.application.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.application.InMemoryAtelier;
import dev.atelier.application.Pictures;
import dev.atelier.application.generate.CreateGeneration;
import dev.atelier.application.port.BreakingInputStream;
import dev.atelier.application.port.FakeFileLinks;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.application.query.AccessScope;
import dev.atelier.application.query.GetOutput;
import dev.atelier.application.sweep.Sweep;
import dev.atelier.application.upload.CreateUpload.Command;
import dev.atelier.application.upload.CreateUpload.Result;
import dev.atelier.domain.FileReference;
import dev.atelier.domain.Generation;
import dev.atelier.domain.InputFile;
import dev.atelier.domain.MediaType;
import dev.atelier.domain.ModelInput;
import dev.atelier.domain.Upload;
import dev.atelier.domain.UploadId;
import dev.atelier.domain.UserId;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UploadsTest {
  private static final UserId OWNER = new UserId("ada");
  private static final byte[] GIF = "GIF89a and more".getBytes(StandardCharsets.ISO_8859_1);

  private final FakeFileLinks fileLinks = new FakeFileLinks();
  @AutoClose private final InMemoryAtelier atelier = new InMemoryAtelier(fileLinks);

  private Result send(InputStream body, String type) throws IOException {
    return atelier.createUpload.create(
        new Command(OWNER, Optional.of(type).filter(text -> !text.isEmpty()), false, body));
  }

  private Result send(byte[] body) throws IOException {
    return send(new ByteArrayInputStream(body), "");
  }

  private Upload stored(byte[] body) throws IOException {
    return ((Result.Stored) send(body)).upload();
  }

  private boolean exists(Upload upload) {
    return atelier.uploadService.get(new AccessScope.Owner(OWNER), upload.id())
        instanceof GetOutput.Result.Found;
  }

  @Test
  void anUploadIsStoredAndFoundByItsOwner() throws IOException {
    Upload upload = stored(GIF);

    assertThat(upload.owner()).isEqualTo(OWNER);
    assertThat(upload.asset().type()).isEqualTo(MediaType.GIF);
    assertThat(upload.expiresAt()).isEqualTo(atelier.clock.instant().plus(Duration.ofDays(1)));
    assertThat(exists(upload)).isTrue();
    assertThat(atelier.uploadService.get(new AccessScope.All(), upload.id()))
        .isInstanceOfSatisfying(
            GetOutput.Result.Found.class,
            found -> assertThat(found.asset()).isEqualTo(upload.asset()));
    assertThat(atelier.uploadService.get(new AccessScope.Owner(new UserId("grace")), upload.id()))
        .isInstanceOf(GetOutput.Result.NotFound.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>", "{}", "plain text", "%PDF-1.7", "<svg/>", "PK\u0003\u0004"})
  void onlyImagesVideosAndAudioAreAccepted(String content) throws IOException {
    assertThat(send(content.getBytes(StandardCharsets.ISO_8859_1)))
        .isInstanceOfSatisfying(
            Result.Rejected.class, rejected -> assertThat(rejected.rule()).contains("PNG, JPEG"));
    assertThat(atelier.uploads.size()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "image/png, true",
    "IMAGE/PNG; q=1, true",
    "video/mp4, true",
    "audio/x-unknown, true",
    "image/gif, false",
    "image/x-unknown, false",
    "application/octet-stream, false",
    "application/x-www-form-urlencoded, false",
    "nonsense, false"
  })
  void aDeclaredTypeMustNotContradictTheContent(String declared, boolean rejected)
      throws IOException {
    Result result = send(new ByteArrayInputStream(GIF), declared);

    assertThat(result instanceof Result.Rejected).isEqualTo(rejected);
    if (result instanceof Result.Rejected(String rule)) {
      assertThat(rule).contains(declared, "image/gif");
    }
  }

  @Test
  void nothingIsLeftOfAnUploadThatBreaksOff() {
    var body = new BreakingInputStream(GIF, new IOException("connection reset"));

    assertThatThrownBy(() -> send(body, "")).hasMessage("connection reset");
    assertNothingIsLeft();
  }

  @Test
  void nothingIsLeftOfADamagedFile() throws IOException {
    byte[] start = Arrays.copyOf(Pictures.PNG, Pictures.PNG.length - 4);

    assertThat(send(start))
        .isInstanceOfSatisfying(
            Result.Rejected.class, rejected -> assertThat(rejected.rule()).contains("image/png"));
    assertNothingIsLeft();
  }

  private void assertNothingIsLeft() {
    atelier.purgeUploads.run();
    assertThat(atelier.uploads.size()).isZero();
    assertThat(atelier.blobs.size()).isZero();
  }

  @Test
  void anOutageOfTheStorageIsReportedOnceAndThenSpooled() throws IOException {
    atelier.blobs.breakDown(true);

    assertThatThrownBy(() -> send(GIF)).isInstanceOf(UnavailableException.class);
    Upload upload = stored(GIF);

    assertThat(exists(upload)).isTrue();
  }

  @Test
  void anUploadIsRemovedADayAfterItsLastUse() throws IOException {
    Upload unused = stored(GIF);
    Upload used = stored(GIF);
    atelier.clock.advance(Duration.ofHours(23));
    String url = fileLinks.url(new FileReference.UploadedFile(used.id()));
    Generation generation = generate(url);
    atelier.clock.advance(Duration.ofHours(2));
    atelier.purgeUploads.run();

    assertThat(generation.request().files())
        .containsExactly(new InputFile("input.image", new FileReference.UploadedFile(used.id())));
    assertThat(exists(unused)).isFalse();
    assertThat(exists(used)).isTrue();
    assertThat(atelier.blobs.size()).isEqualTo(1);

    atelier.clock.advance(Duration.ofHours(24));
    assertNothingIsLeft();
  }

  private Generation generate(String image) {
    var command = CreateGeneration.Command.of(OWNER, "a sketch");
    var result =
        atelier.createGeneration.create(
            new CreateGeneration.Command(
                command.owner(),
                command.key(),
                command.prompt(),
                command.model(),
                command.width(),
                command.height(),
                command.negativePrompt(),
                command.numInferenceSteps(),
                command.numOutputs(),
                command.seed(),
                command.durationSeconds(),
                new ModelInput(Map.of("image", image))));
    assertThat(result).isInstanceOf(CreateGeneration.Result.Accepted.class);
    return ((CreateGeneration.Result.Accepted) result).generation();
  }

  @Test
  void aDeletedUploadIsGoneAtOnceAndItsBlobSoon() throws IOException {
    Upload upload = stored(GIF);

    assertThat(
            atelier.uploadService.delete(new AccessScope.Owner(new UserId("grace")), upload.id()))
        .isFalse();
    assertThat(atelier.uploadService.delete(new AccessScope.Owner(OWNER), upload.id())).isTrue();
    assertThat(atelier.uploadService.delete(new AccessScope.Owner(OWNER), upload.id())).isFalse();
    assertThat(exists(upload)).isFalse();
    assertNothingIsLeft();
  }

  @Test
  void aRemovalIsRepeatedAfterAnOutage() throws IOException {
    Upload upload = stored(GIF);
    atelier.uploadService.delete(new AccessScope.All(), upload.id());
    atelier.blobs.breakDown(true);
    atelier.purgeUploads.run();
    assertThat(atelier.uploads.size()).isEqualTo(1);

    atelier.blobs.breakDown(false);
    atelier.clock.advance(Duration.ofMinutes(5));
    assertNothingIsLeft();
  }

  @Test
  void theBlobOfACrashedUploadIsRemoved() throws IOException {
    var pending =
        new dev.atelier.application.port.Uploads.Pending(
            new UploadId(UUID.randomUUID()), OWNER, MediaType.GIF, atelier.clock.instant());
    atelier.uploads.add(pending, atelier.clock.instant().plus(Duration.ofHours(1)), 10);
    atelier.blobs.put(pending.key(), pending.type(), new ByteArrayInputStream(GIF));

    atelier.clock.advance(Duration.ofHours(1));
    assertNothingIsLeft();
  }

  @Test
  void nothingIsLeftOfAnUploadThatIsRemovedBeforeItsBlobIsStored() {
    var body =
        new FilterInputStream(new ByteArrayInputStream(GIF)) {
          @Override
          public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            if (read < 0 && atelier.uploads.size() > 0) {
              atelier.clock.advance(Duration.ofHours(1));
              atelier.purgeUploads.run();
            }
            return read;
          }
        };

    assertThatThrownBy(() -> send(body, "")).isInstanceOf(UnavailableException.class);
    assertNothingIsLeft();
  }

  @Test
  void aSweepDoesNotWaitForTheRemovalOfUploads() throws IOException {
    Upload upload = stored(GIF);
    atelier.uploadService.delete(new AccessScope.All(), upload.id());
    var tasks = new ArrayList<Runnable>();
    var sweep = new PurgingSweep(atelier.sweep, atelier.purgeUploads, tasks::add);

    sweep.sweep(new Sweep.Command(Duration.ZERO));
    assertThat(atelier.blobs.size()).isEqualTo(1);

    tasks.forEach(Runnable::run);
    assertNothingIsLeft();
  }

  @Test
  void aSweepDoesNotNeedTheRemovalOfUploads() {
    var sweep =
        new PurgingSweep(
            atelier.sweep,
            atelier.purgeUploads,
            _ -> {
              throw new RejectedExecutionException("shutting down");
            });

    assertThat(sweep.sweep(new Sweep.Command(Duration.ZERO)).toStore()).isZero();
  }

  @Test
  void theDailyLimitIsReportedUntilTheNextDay() throws IOException {
    for (int i = 0; i < InMemoryAtelier.UPLOADS_PER_DAY; i++) {
      stored(GIF);
    }

    assertThat(send(GIF))
        .isInstanceOfSatisfying(
            Result.LimitReached.class,
            limit -> {
              assertThat(limit.perDay()).isEqualTo(InMemoryAtelier.UPLOADS_PER_DAY);
              atelier.clock.advance(limit.retryAfter());
            });
    assertThat(send(GIF)).isInstanceOf(Result.Stored.class);
  }

  @Test
  void atMostSixteenUploadsAreReceivedAtOnce() throws Exception {
    var entered = new CountDownLatch(16);
    var release = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 16; i++) {
        var _ = threads.submit(() -> send(waiting(entered, release), ""));
      }
      entered.await();

      assertThat(send(GIF)).isInstanceOf(Result.Busy.class);

      release.countDown();
    }
    assertThat(send(GIF)).isInstanceOf(Result.Stored.class);
  }

  private static InputStream waiting(CountDownLatch entered, CountDownLatch release) {
    return new ByteArrayInputStream(GIF) {
      @Override
      public byte[] readNBytes(int length) throws IOException {
        entered.countDown();
        try {
          release.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        return super.readNBytes(length);
      }
    };
  }
}
