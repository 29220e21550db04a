package dev.atelier.application.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.MediaType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The contract of {@link BlobSpool}, in addition to {@link BlobStoreContract}. */
public interface BlobSpoolContract extends BlobStoreContract {
  /** When the blobs of these tests are put; the store must keep the microseconds. */
  Instant NOW = Instant.parse("2026-11-20T10:00:00.123456Z");

  /** The lease of these tests. */
  Duration LEASE = Duration.ofMinutes(1);

  /** The spool under test, with a clock at {@link #NOW}; it may contain blobs of other tests. */
  BlobSpool spool();

  @Override
  default BlobStore blobs() {
    return spool();
  }

  @Test
  default void leasesABlobOnceUntilTheLeaseExpires() throws Exception {
    Asset asset = putAlone("a picture");

    assertThat(spool().claim(NOW, LEASE)).contains(asset);
    assertThat(spool().claim(NOW, LEASE)).isEmpty();
    assertThat(spool().claim(NOW.plus(LEASE).minusMillis(1), LEASE)).isEmpty();
    assertThat(spool().claim(NOW.plus(LEASE), LEASE)).contains(asset);
  }

  @Test
  default void leasesAPostponedBlobWhenItIsDue() throws Exception {
    Asset asset = putAlone("a picture");
    assertThat(spool().claim(NOW, LEASE)).contains(asset);

    spool().postpone(asset.key(), NOW.plusSeconds(2));

    assertThat(spool().claim(NOW.plusSeconds(1), LEASE)).isEmpty();
    assertThat(spool().claim(NOW.plusSeconds(2), LEASE)).contains(asset);
  }

  @Test
  default void leasesTheLongestDueBlobFirst() throws Exception {
    Asset first = putAlone("the first");
    Asset second = put("the second");
    spool().postpone(first.key(), NOW.plusSeconds(2));
    spool().postpone(second.key(), NOW.plusSeconds(1));

    assertThat(claimAll(NOW.plusSeconds(2))).containsExactly(second, first);
  }

  @Test
  default void concurrentClaimsNeverGetTheSameBlob() throws Exception {
    var waiting = new ArrayList<Asset>();
    waiting.add(putAlone("blob 0"));
    for (int i = 1; i < 8; i++) {
      waiting.add(put("blob " + i));
    }
    List<Callable<Optional<Asset>>> calls = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      calls.add(() -> spool().claim(NOW, LEASE));
    }

    var claimAll = new ArrayList<Asset>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Optional<Asset>> call : threads.invokeAll(calls)) {
        call.get().ifPresent(claimAll::add);
      }
    }
    claimAll.addAll(claimAll(NOW)); // a claim may skip a row that another claim has just unlocked

    assertThat(claimAll).containsExactlyInAnyOrderElementsOf(waiting);
  }

  @Test
  default void aDeletedBlobCanBeStoredAgain() throws Exception {
    Asset asset = putAlone("a picture");

    spool().delete(asset.key());

    assertThat(spool().find(asset.key(), asset.type())).isEmpty();
    assertThat(spool().open(asset.key())).isEmpty();
    assertThat(spool().claim(NOW.plus(LEASE), LEASE)).isEmpty();
    assertThat(put(asset.key(), "another one").bytes()).isEqualTo(11);
  }

  @Test
  default void ignoresDeletingAndPostponingAnUnknownBlob() {
    BlobKey key = newKey();

    assertThatCode(() -> spool().delete(key)).doesNotThrowAnyException();
    assertThatCode(() -> spool().postpone(key, NOW)).doesNotThrowAnyException();
    assertThat(spool().open(key)).isEmpty();
  }

  @Test
  default void neverLeasesAnIncompleteBlob() throws Exception {
    spool().delete(putAlone("a picture").key());
    try (InputStream source =
        new BreakingInputStream(new byte[100_000], new IOException("source failed"))) {
      spool().put(newKey(), MediaType.PNG, source);
    } catch (IOException e) {
      assertThat(e).hasMessage("source failed");
    }

    assertThat(spool().claim(NOW.plus(LEASE), LEASE)).isEmpty();
  }

  /** Puts a blob after deleting those of other tests. */
  private Asset putAlone(String text) throws IOException {
    claimAll(NOW.plus(Duration.ofDays(1))).forEach(asset -> spool().delete(asset.key()));
    return put(text);
  }

  private List<Asset> claimAll(Instant now) {
    return Stream.generate(() -> spool().claim(now, LEASE))
        .takeWhile(Optional::isPresent)
        .flatMap(Optional::stream)
        .toList();
  }

  private Asset put(String text) throws IOException {
    return put(newKey(), text);
  }

  private Asset put(BlobKey key, String text) throws IOException {
    return spool()
        .put(key, MediaType.PNG, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static BlobKey newKey() {
    return BlobKey.of(new GenerationId(UUID.randomUUID()), 0, MediaType.PNG);
  }
}
