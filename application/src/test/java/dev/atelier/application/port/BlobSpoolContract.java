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

/** What every {@link BlobSpool} does, besides what every {@link BlobStore} does. */
public interface BlobSpoolContract extends BlobStoreContract {
  /** When the blobs of these tests are put, with the microseconds that must survive. */
  Instant NOW = Instant.parse("2026-11-20T10:00:00.123456Z");

  /** How long they are taken for. */
  Duration LEASE = Duration.ofMinutes(1);

  /**
   * The spool under test, by a clock that says {@link #NOW}; other tests may have written to it.
   */
  BlobSpool spool();

  @Override
  default BlobStore blobs() {
    return spool();
  }

  @Test
  default void whatWasPutIsTakenOnceUntilTheLeaseIsOver() throws Exception {
    Asset asset = putAlone("a picture");

    assertThat(spool().claim(NOW, LEASE)).contains(asset);
    assertThat(spool().claim(NOW, LEASE)).isEmpty();
    assertThat(spool().claim(NOW.plus(LEASE).minusMillis(1), LEASE)).isEmpty();
    assertThat(spool().claim(NOW.plus(LEASE), LEASE)).contains(asset);
  }

  @Test
  default void whatIsPostponedIsTakenWhenItIsDue() throws Exception {
    Asset asset = putAlone("a picture");
    assertThat(spool().claim(NOW, LEASE)).contains(asset);

    spool().postpone(asset.key(), NOW.plusSeconds(2));

    assertThat(spool().claim(NOW.plusSeconds(1), LEASE)).isEmpty();
    assertThat(spool().claim(NOW.plusSeconds(2), LEASE)).contains(asset);
  }

  @Test
  default void whatHasBeenDueForLongestIsTakenFirst() throws Exception {
    Asset first = putAlone("the first");
    Asset second = put("the second");
    spool().postpone(first.key(), NOW.plusSeconds(2));
    spool().postpone(second.key(), NOW.plusSeconds(1));

    assertThat(taken(NOW.plusSeconds(2))).containsExactly(second, first);
  }

  @Test
  default void simultaneousClaimsNeverTakeTheSame() throws Exception {
    var waiting = new ArrayList<Asset>();
    waiting.add(putAlone("blob 0"));
    for (int i = 1; i < 8; i++) {
      waiting.add(put("blob " + i));
    }
    List<Callable<Optional<Asset>>> calls = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      calls.add(() -> spool().claim(NOW, LEASE));
    }

    var taken = new ArrayList<Asset>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Optional<Asset>> call : threads.invokeAll(calls)) {
        call.get().ifPresent(taken::add);
      }
    }
    taken.addAll(taken(NOW)); // a claim may pass over a row that another has just let go

    assertThat(taken).containsExactlyInAnyOrderElementsOf(waiting);
  }

  @Test
  default void whatIsDeletedIsGoneAndMayBePutAgain() throws Exception {
    Asset asset = putAlone("a picture");

    spool().delete(asset.key());

    assertThat(spool().find(asset.key(), asset.type())).isEmpty();
    assertThat(spool().open(asset.key())).isEmpty();
    assertThat(spool().claim(NOW.plus(LEASE), LEASE)).isEmpty();
    assertThat(put(asset.key(), "another one").bytes()).isEqualTo(11);
  }

  @Test
  default void whatIsGoneIsNeitherDeletedNorPostponed() {
    BlobKey key = newKey();

    assertThatCode(() -> spool().delete(key)).doesNotThrowAnyException();
    assertThatCode(() -> spool().postpone(key, NOW)).doesNotThrowAnyException();
    assertThat(spool().open(key)).isEmpty();
  }

  @Test
  default void aBlobThatBrokeOffIsNeverTaken() throws Exception {
    spool().delete(putAlone("a picture").key());
    try (InputStream source =
        new BreakingInputStream(new byte[100_000], new IOException("broke off"))) {
      spool().put(newKey(), MediaType.PNG, source);
    } catch (IOException e) {
      assertThat(e).hasMessage("broke off");
    }

    assertThat(spool().claim(NOW.plus(LEASE), LEASE)).isEmpty();
  }

  /** Puts it when everything that other tests have left is gone. */
  private Asset putAlone(String text) throws IOException {
    taken(NOW.plus(Duration.ofDays(1))).forEach(asset -> spool().delete(asset.key()));
    return put(text);
  }

  private List<Asset> taken(Instant now) {
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
