package dev.atelier.application.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.application.port.BlobLink;
import dev.atelier.application.port.BlobStore;
import dev.atelier.application.port.BlobStoreContract;
import dev.atelier.application.port.BreakingInputStream;
import dev.atelier.application.port.ByteRange;
import dev.atelier.application.port.InMemoryBlobSpool;
import dev.atelier.application.port.InMemoryBlobStore;
import dev.atelier.application.port.MutableClock;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.MediaType;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class FallbackBlobStoreTest {
  private static final byte[] PICTURE = "a picture".getBytes(StandardCharsets.UTF_8);

  private final BlobKey key = BlobKey.of(new GenerationId(UUID.randomUUID()), 0, MediaType.PNG);
  private final InMemoryBlobStore store = new InMemoryBlobStore();
  private final InMemoryBlobSpool spool = new InMemoryBlobSpool();
  private final MutableClock clock = new MutableClock();
  private final FallbackBlobStore blobs = new FallbackBlobStore(store, spool, clock);

  @Nested
  class WithBothUp implements BlobStoreContract {
    @Override
    public BlobStore blobs() {
      return blobs;
    }
  }

  @Nested
  class WithAStoreThatIsFull implements BlobStoreContract {
    private final FallbackBlobStore full =
        new FallbackBlobStore(new FullBlobStore(store), spool, clock);

    @Override
    public BlobStore blobs() {
      return full;
    }
  }

  /** The contract, except that a blob is reported as missing. */
  @Nested
  class WithTheStoreDown implements BlobStoreContract {
    @BeforeEach
    void breakDown() {
      store.breakDown(true);
    }

    @Override
    public BlobStore blobs() {
      return blobs;
    }

    @Override
    @Test
    public void anUnknownBlobIsNotFound() {
      assertThatThrownBy(() -> blobs.find(key, MediaType.PNG))
          .isInstanceOf(UnavailableException.class);
      assertThatThrownBy(() -> blobs.open(key)).isInstanceOf(UnavailableException.class);
    }

    @Override
    @Test
    public void deletesABlobAndIgnoresARepeatedDelete() throws Exception {
      put(blobs);

      assertThatThrownBy(() -> blobs.delete(key)).isInstanceOf(UnavailableException.class);
    }

    @Override
    @Test
    public void rejectsAnEmptySourceAndLeavesNothingBehind() {
      assertThatThrownBy(() -> blobs.put(key, MediaType.PNG, new ByteArrayInputStream(new byte[0])))
          .isInstanceOf(IllegalArgumentException.class);

      assertThat(spool.find(key, MediaType.PNG)).isEmpty();
    }

    @Override
    @Test
    public void aFailingSourceLeavesNothingBehind() {
      var broken = new IOException("broke off");

      assertThatThrownBy(
              () -> blobs.put(key, MediaType.PNG, new BreakingInputStream(PICTURE, broken)))
          .isSameAs(broken);

      assertThat(spool.find(key, MediaType.PNG)).isEmpty();
    }
  }

  @Test
  void doesNotUseTheSpoolWhileTheStoreWorks() throws Exception {
    Asset asset = put(blobs);

    assertThat(store.find(key, MediaType.PNG)).contains(asset);
    assertThat(spool.size()).isZero();
  }

  @Test
  void doesNotWriteASpooledBlobAgain() throws Exception {
    store.breakDown(true);
    Asset asset = put(blobs);
    store.breakDown(false);

    assertThat(blobs.put(key, MediaType.PNG, new ByteArrayInputStream(new byte[] {1})))
        .isEqualTo(asset);

    assertThat(store.find(key, MediaType.PNG)).isEmpty();
    assertThat(blobs.find(key, MediaType.PNG)).contains(asset);
    assertThat(read()).isEqualTo(PICTURE);
  }

  @Test
  void readsFromTheStoreWithoutTheSpool() throws Exception {
    Asset asset = put(blobs);
    spool.breakDown(true);

    assertThat(blobs.find(key, MediaType.PNG)).contains(asset);
    assertThat(read()).isEqualTo(PICTURE);
  }

  @Test
  void writesToTheStoreWithoutTheSpool() throws Exception {
    spool.breakDown(true);
    Asset asset = put(blobs);

    assertThat(store.find(key, MediaType.PNG)).contains(asset);
  }

  @Test
  void linksOnlyBlobsForWhichTheStoreHasALink() throws Exception {
    store.publishAt(URI.create("https://cdn.example"));
    store.breakDown(true);
    put(blobs);
    assertThat(blobs.link(key, "inline")).isEmpty();

    store.breakDown(false);
    assertThat(blobs.link(key, "inline")).isEmpty();

    put(store);
    assertThat(blobs.link(key, "inline"))
        .contains(
            new BlobLink(URI.create("https://cdn.example/" + key), InMemoryBlobStore.LINK_LIFE));
  }

  @Test
  void deletesFromStoreAndSpool() throws Exception {
    put(spool);
    put(store);

    blobs.delete(key);

    assertThat(spool.find(key, MediaType.PNG)).isEmpty();
    assertThat(store.find(key, MediaType.PNG)).isEmpty();
  }

  @Test
  void withoutTheSpoolAMissingBlobIsUnavailable() {
    spool.breakDown(true);

    assertThatThrownBy(() -> blobs.find(key, MediaType.PNG))
        .isInstanceOf(UnavailableException.class);
    assertThatThrownBy(() -> blobs.open(key)).isInstanceOf(UnavailableException.class);
  }

  @Test
  void isUnavailableWithoutStoreAndSpool() {
    store.breakDown(true);
    spool.breakDown(true);

    assertThatThrownBy(() -> put(blobs)).isInstanceOf(UnavailableException.class);
    assertThatThrownBy(() -> blobs.open(key)).isInstanceOf(UnavailableException.class);
  }

  @Test
  void doesNotSpoolAPartOfASourceThatCannotBeReread() {
    var once =
        new SequenceInputStream(
            new ByteArrayInputStream(PICTURE), new ByteArrayInputStream(PICTURE));
    var full = new FallbackBlobStore(new FullBlobStore(store), spool, clock);

    assertThatThrownBy(() -> full.put(key, MediaType.PNG, once))
        .isInstanceOf(UnavailableException.class);

    assertThat(spool.size()).isZero();
  }

  @Test
  void bypassesAFailedStoreForThePause() throws Exception {
    store.breakDown(true);
    putAnother();
    store.breakDown(false);

    clock.advance(FallbackBlobStore.PAUSE.minusNanos(1));
    BlobKey early = putAnother();
    assertThat(spool.find(early, MediaType.PNG)).isPresent();
    assertThat(store.find(early, MediaType.PNG)).isEmpty();

    clock.advance(Duration.ofNanos(1));
    BlobKey afterwards = putAnother();
    assertThat(store.find(afterwards, MediaType.PNG)).isPresent();
    assertThat(store.find(putAnother(), MediaType.PNG)).isPresent();
  }

  @Test
  void spoolsOtherBlobsWhileOneProbesTheStoreAfterThePause() throws Exception {
    store.breakDown(true);
    putAnother();
    store.breakDown(false);
    clock.advance(FallbackBlobStore.PAUSE);
    var meanwhile =
        new FilterInputStream(new ByteArrayInputStream(PICTURE)) {
          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            assertThat(spool.find(putAnother(), MediaType.PNG)).isPresent();
            return super.read(into, offset, length);
          }
        };

    var _ = blobs.put(key, MediaType.PNG, meanwhile);

    assertThat(store.find(key, MediaType.PNG)).isPresent();
    assertThat(store.find(putAnother(), MediaType.PNG)).isPresent();
  }

  @Test
  void usesTheStoreDuringThePauseIfTheSpoolFails() throws Exception {
    store.breakDown(true);
    putAnother();
    store.breakDown(false);
    spool.breakDown(true);

    Asset asset = put(blobs);

    assertThat(store.find(key, MediaType.PNG)).contains(asset);
  }

  private BlobKey putAnother() throws IOException {
    BlobKey another = BlobKey.of(new GenerationId(UUID.randomUUID()), 0, MediaType.PNG);
    var _ = blobs.put(another, MediaType.PNG, new ByteArrayInputStream(PICTURE));
    return another;
  }

  private Asset put(BlobStore into) throws IOException {
    return into.put(key, MediaType.PNG, new ByteArrayInputStream(PICTURE));
  }

  private byte[] read() throws IOException {
    try (InputStream bytes = blobs.open(key).orElseThrow()) {
      return bytes.readAllBytes();
    }
  }

  /** Fails in the middle of every write; reads work. */
  private record FullBlobStore(BlobStore blobs) implements BlobStore {
    @Override
    public Asset put(BlobKey key, MediaType type, InputStream source) throws IOException {
      var _ = source.readNBytes(4);
      throw new UnavailableException("the disk is full", new IOException("scripted"));
    }

    @Override
    public Optional<Asset> find(BlobKey key, MediaType type) {
      return blobs.find(key, type);
    }

    @Override
    public Optional<InputStream> open(BlobKey key, ByteRange range) {
      return blobs.open(key, range);
    }

    @Override
    public void delete(BlobKey key) {
      blobs.delete(key);
    }
  }
}
