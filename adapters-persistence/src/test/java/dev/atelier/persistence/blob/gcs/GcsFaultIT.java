package dev.atelier.persistence.blob.gcs;

import static dev.atelier.persistence.blob.gcs.FakeGcs.Fault.CUT;
import static dev.atelier.persistence.blob.gcs.FakeGcs.Fault.DAMAGED;
import static dev.atelier.persistence.blob.gcs.FakeGcs.Fault.REPLY_LOST;
import static dev.atelier.persistence.blob.gcs.FakeGcs.Fault.UNAUTHORIZED;
import static dev.atelier.persistence.blob.gcs.FakeGcs.Fault.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.ServiceAccountCredentials;
import dev.atelier.application.port.BreakingInputStream;
import dev.atelier.application.port.ByteRange;
import dev.atelier.application.port.Noise;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Generations;
import dev.atelier.domain.MediaType;
import dev.atelier.persistence.blob.gcs.FakeGcs.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The store under faults of the bucket and the network. */
class GcsFaultIT {
  private static final long SIZE = 3 * 1024 * 1024 + 7;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(2);

  @AutoClose private final FakeGcs gcs = FakeGcs.start();
  private final GcsBlobStore blobs = store("gs://" + FakeGcs.BUCKET);
  private final BlobKey key = BlobKey.of(new GenerationId(UUID.randomUUID()), 0, MediaType.MP4);

  private GcsBlobStore store(String location) {
    return new GcsBlobStore(
        GcsSettings.parse(location).at(gcs.endpoint()),
        () ->
            ServiceAccountCredentials.newBuilder()
                .setClientEmail(FakeGcs.ACCOUNT)
                .setPrivateKey(gcs.keys().getPrivate())
                .setTokenServerUri(URI.create(gcs.endpoint() + "/token"))
                .build()
                .createScoped("storage"),
        Clock.systemUTC(),
        FIRST_PAUSE);
  }

  @Test
  void anObjectHasItsTypeAndImmutableCaching() throws Exception {
    Asset asset = put();

    FakeGcs.Stored stored = stored().orElseThrow();
    assertThat(stored.contentType()).isEqualTo("video/mp4");
    assertThat(stored.cacheControl()).isEqualTo("private, max-age=31536000, immutable");
    assertThat(stored.size()).isEqualTo(asset.bytes()).isEqualTo(SIZE);
  }

  @ParameterizedTest
  @EnumSource(MediaType.class)
  void anAttachmentIsMarkedInTheObject(MediaType type) throws Exception {
    BlobKey object = BlobKey.of(Generations.submitting().id(), 0, type);

    blobs.put(object, type, new Noise(10));

    assertThat(gcs.object(object.toString()).orElseThrow().contentDisposition())
        .isEqualTo(type.isInline() ? Optional.empty() : Optional.of("attachment"));
  }

  @Test
  void everyObjectNameHasThePrefix() throws Exception {
    var prefixed = store("gs://" + FakeGcs.BUCKET + "/some/prefix/");

    prefixed.put(key, MediaType.MP4, new Noise(10));

    assertThat(gcs.object("some/prefix/" + key)).isPresent();
    assertThat(prefixed.find(key, MediaType.MP4)).isPresent();
    assertThat(blobs.find(key, MediaType.MP4)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "POST upload, UNAVAILABLE",
    "POST upload, TOO_MANY",
    "POST upload, DROPPED",
    "PUT upload, UNAVAILABLE",
    "PUT upload, DROPPED",
    "PUT upload, REPLY_LOST",
  })
  void aTemporaryFaultIsRetried(String call, Fault fault) throws Exception {
    gcs.next(call, fault, fault);

    assertThat(put()).isEqualTo(new Asset(key, MediaType.MP4, SIZE, Noise.sha256(SIZE)));

    assertThat(stored().orElseThrow().size()).isEqualTo(SIZE);
    assertThat(blobs.find(key, MediaType.MP4)).isPresent();
  }

  @Test
  void aLostResponseToTheLastChunkIsNotTakenForAnotherBlob() throws Exception {
    gcs.next("PUT upload", REPLY_LOST);

    Asset asset = blobs.put(key, MediaType.MP4, new Noise(100));

    assertThat(asset).isEqualTo(new Asset(key, MediaType.MP4, 100, Noise.sha256(100)));
    assertThat(stored().orElseThrow().size()).isEqualTo(100);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"UNAVAILABLE", "TOO_MANY", "DROPPED", "FORBIDDEN", "UNAUTHORIZED"})
  void aPersistentFaultIsUnavailableUntilItEnds(Fault fault) throws Exception {
    put();
    var other = BlobKey.of(new GenerationId(UUID.randomUUID()), 0, MediaType.MP4);
    gcs.always(fault);

    assertUnavailable(() -> blobs.put(other, MediaType.MP4, new Noise(SIZE)));
    assertUnavailable(() -> blobs.find(key, MediaType.MP4));
    assertUnavailable(() -> blobs.open(key));
    assertUnavailable(() -> blobs.delete(key));
    assertUnavailable(() -> blobs.link(key, "inline"));
    assertUnavailable(blobs::check);

    gcs.heal();
    assertThatCode(blobs::check).doesNotThrowAnyException();
    assertThat(blobs.find(key, MediaType.MP4)).isPresent();
    assertThat(blobs.open(other)).isEmpty();
    assertThat(blobs.put(other, MediaType.MP4, new Noise(SIZE)).bytes()).isEqualTo(SIZE);
  }

  /** The message names the fault and contains no URL, because some URLs grant access. */
  private static void assertUnavailable(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining(FakeGcs.BUCKET)
        .satisfies(
            thrown -> {
              var printed = new StringWriter();
              thrown.printStackTrace(new PrintWriter(printed));
              assertThat(printed.toString()).doesNotContain("s3cret", "upload_id", "http:");
            });
  }

  @Test
  void aMissingBucketIsNamed() {
    gcs.bucketExists(false);

    for (ThrowingCallable call :
        new ThrowingCallable[] {
          blobs::check, this::put, () -> blobs.open(key), () -> blobs.delete(key)
        }) {
      assertThatThrownBy(call)
          .isInstanceOf(UnavailableException.class)
          .hasMessage("the bucket " + FakeGcs.BUCKET + " does not exist");
    }
  }

  @Test
  void everyMissingPermissionIsNamed() {
    assertThatCode(blobs::check).doesNotThrowAnyException();

    gcs.lacks("storage.objects.create", "storage.objects.list");

    assertThatThrownBy(blobs::check)
        .isInstanceOf(UnavailableException.class)
        .hasMessage(
            "the service account lacks storage.objects.create, storage.objects.list on the bucket "
                + FakeGcs.BUCKET);
    assertThatThrownBy(this::put)
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("storage.objects.create");
  }

  @Test
  void missingCredentialsAreExplained() {
    var anonymous =
        new GcsBlobStore(
            GcsSettings.parse("gs://" + FakeGcs.BUCKET).at(gcs.endpoint()),
            () -> {
              throw new IOException("s3cret");
            },
            Clock.systemUTC(),
            FIRST_PAUSE);

    assertUnavailable(anonymous::check);
    assertThatThrownBy(anonymous::check).hasMessageContaining("GOOGLE_APPLICATION_CREDENTIALS");
  }

  @Test
  void theCheckOfAnEmulatorListsTheBucketInsteadOfPermissions() {
    var emulated =
        new GcsBlobStore(
            GcsSettings.parse("gs://" + FakeGcs.BUCKET).at(gcs.endpoint()), Clock.systemUTC());

    emulated.check();

    assertThat(gcs.calls()).containsExactly("GET objects");
    assertThat(emulated.link(key, "inline")).isEmpty();
  }

  @Test
  void aFailingSourceCompletesNothing() {
    var broken = new IOException("broke off");

    assertThatThrownBy(
            () ->
                blobs.put(
                    key, MediaType.MP4, new BreakingInputStream(new byte[(int) SIZE], broken)))
        .isSameAs(broken);

    assertThat(gcs.count("PUT upload")).isEqualTo(3); // the complete chunks, not the last one
    assertThat(stored()).isEmpty();
  }

  @Test
  void aCorruptedUploadIsDeleted() throws Exception {
    gcs.next("PUT upload", DAMAGED);

    assertThatThrownBy(() -> blobs.put(key, MediaType.MP4, new Noise(100)))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("other bytes");

    assertThat(stored()).isEmpty();
    assertThat(blobs.put(key, MediaType.MP4, new Noise(100)).bytes()).isEqualTo(100);
  }

  @Test
  void aRepeatedPutIsRecognizedByChecksumWithoutReading() throws Exception {
    Asset asset = put();

    assertThat(put()).isEqualTo(asset);

    assertThat(gcs.count("GET media")).isZero();
  }

  @Test
  void anExistingBlobWithOtherBytesIsDescribedAsItIs() throws Exception {
    Asset asset = put();

    assertThat(blobs.put(key, MediaType.MP4, new Noise(SIZE - 1))).isEqualTo(asset);

    assertThat(stored().orElseThrow().size()).isEqualTo(SIZE);
    assertThat(gcs.count("GET media")).isPositive();
  }

  @Test
  void anInterruptedDownloadResumes() throws Exception {
    put();
    gcs.next("GET media", CUT, CUT);

    try (InputStream bytes = blobs.open(key, new ByteRange(1000, 2_000_000)).orElseThrow()) {
      byte[] part = bytes.readAllBytes();
      assertThat(part).hasSize(2_000_000);
      assertThat(part[1_999_999]).isEqualTo(Noise.at(1000 + 1_999_999));
      assertThat(part[1_500_000]).isEqualTo(Noise.at(1000 + 1_500_000));
    }
  }

  @Test
  void aDownloadThatCannotResumeFails() throws Exception {
    put();
    try (InputStream bytes = blobs.open(key).orElseThrow()) {
      gcs.always(UNAVAILABLE);

      assertThatThrownBy(bytes::readAllBytes)
          .isInstanceOf(IOException.class)
          .hasNoCause()
          .hasMessageContaining("503");
    }
  }

  @Test
  void aDeletionWithALostResponseSucceeds() throws Exception {
    put();
    gcs.next("DELETE object", REPLY_LOST);

    assertThatCode(() -> blobs.delete(key)).doesNotThrowAnyException();

    assertThat(stored()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "FORBIDDEN, 'denied access: missing permission storage.objects.create', 1",
    "TOO_MANY, has reached its rate limit, 4",
    "UNAVAILABLE, does not work, 4",
    "DROPPED, cannot be reached, 4",
  })
  void aFaultIsNamedAndRetriedIfUseful(Fault fault, String message, int tries) {
    for (int i = 0; i < 10; i++) {
      gcs.next("POST upload", fault);
    }

    assertThatThrownBy(this::put)
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining(message);

    assertThat(gcs.count("POST upload")).isEqualTo(tries);
  }

  @Test
  void rejectedCredentialsAreNamed() {
    gcs.always(UNAUTHORIZED);

    assertThatThrownBy(this::put)
        .isInstanceOf(UnavailableException.class)
        .hasMessage("Google does not accept our credentials for the bucket " + FakeGcs.BUCKET);
  }

  /** In a separate JVM with less memory than two of the videos. */
  @Test
  void sixteenConcurrentUploadsNeedMemoryForTheirChunksOnly() throws Exception {
    gcs.keepNoBytes();
    Process uploads =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx80m",
                "-cp",
                System.getProperty("java.class.path"),
                GcsUploads.class.getName(),
                gcs.endpoint().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();

    String output = new String(uploads.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(uploads.waitFor()).as(output).isZero();
    assertThat(output).contains("16 stored");
  }

  private Asset put() throws IOException {
    return blobs.put(key, MediaType.MP4, new Noise(SIZE));
  }

  private Optional<FakeGcs.Stored> stored() {
    return gcs.object(key.value());
  }
}
