package dev.atelier.application.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.InMemoryBlobSpool;
import dev.atelier.application.port.InMemoryBlobStore;
import dev.atelier.application.port.MutableClock;
import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.MediaType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class DrainSpoolTest {
  private final MutableClock clock = new MutableClock();
  private final InMemoryBlobStore store = new InMemoryBlobStore();
  private final InMemoryBlobSpool spool = new InMemoryBlobSpool();
  @AutoClose private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final DrainSpool drainSpool = new DrainSpool(store, spool, clock, workers);

  @Test
  void movesASpooledBlobUnderItsKey() throws Exception {
    Asset asset = spooled("a picture");

    drainSpool.start().join();

    assertThat(store.find(asset.key(), asset.type())).contains(asset);
    assertThat(spool.size()).isZero();
  }

  @Test
  void leavesBlobsToAnotherInstanceDuringShutdown() throws Exception {
    Asset asset = spooled("a picture");
    workers.close();

    drainSpool.start().join();

    assertThat(spool.size()).isEqualTo(1);
    assertThat(store.find(asset.key(), asset.type())).isEmpty();
  }

  @Test
  void aRoundIsBoundedAndTheNextRoundContinues() throws Exception {
    for (int i = 0; i < 20; i++) {
      spooled("picture " + i);
    }

    drainSpool.start().join();
    assertThat(spool.size()).isEqualTo(4);

    drainSpool.start().join();
    assertThat(spool.size()).isZero();
  }

  @Test
  void retriesAFailingStoreWithinSeconds() throws Exception {
    var assets = new ArrayList<Asset>();
    for (int i = 0; i < 3; i++) {
      assets.add(spooled("picture " + i));
    }
    store.breakDown(true);
    for (int i = 0; i < 60; i++) {
      clock.advance(Duration.ofSeconds(1));
      drainSpool.start().join();
    }
    assertThat(spool.size()).isEqualTo(3);

    store.breakDown(false);
    clock.advance(Duration.ofSeconds(2));
    drainSpool.start().join();

    assertThat(spool.size()).isZero();
    assertThat(assets)
        .allSatisfy(asset -> assertThat(store.find(asset.key(), asset.type())).contains(asset));
  }

  @Test
  void movesABlobOfACrashedInstanceAfterItsLeaseExpires() throws Exception {
    Asset asset = spooled("a picture");
    assertThat(spool.claim(clock.instant(), Duration.ofMinutes(1))).contains(asset);
    drainSpool.start().join();
    assertThat(spool.size()).isEqualTo(1);

    clock.advance(Duration.ofMinutes(1));
    drainSpool.start().join();

    assertThat(spool.size()).isZero();
  }

  @Test
  void deletesASpooledBlobThatIsAlreadyCopied() throws Exception {
    Asset asset = spooled("a picture");
    assertThat(store.put(asset.key(), asset.type(), stream("a picture"))).isEqualTo(asset);

    drainSpool.start().join();

    assertThat(spool.size()).isZero();
  }

  @Test
  void keepsABlobThatDiffersFromTheStoredOneAndContinues() throws Exception {
    Asset asset = spooled("a picture");
    assertThat(store.put(asset.key(), asset.type(), stream("another one"))).isNotEqualTo(asset);
    Asset next = spooled("the next");

    drainSpool.start().join();

    assertThat(spool.find(asset.key(), asset.type())).contains(asset);
    assertThat(store.find(next.key(), next.type())).contains(next);
  }

  @Test
  void anUnavailableSpoolEndsTheRoundAndTheNextRoundContinues() throws Exception {
    spooled("a picture");
    spool.breakDown(true);
    drainSpool.start().join();
    spool.breakDown(false);

    drainSpool.start().join();

    assertThat(spool.size()).isZero();
  }

  private Asset spooled(String text) throws IOException {
    BlobKey key = BlobKey.of(new GenerationId(UUID.randomUUID()), 0, MediaType.PNG);
    return spool.put(key, MediaType.PNG, stream(text));
  }

  private static ByteArrayInputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
