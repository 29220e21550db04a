package dev.atelier.application.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.MediaType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The contract of {@link BlobStore}. */
public interface BlobStoreContract {
  /** The size of a big blob. */
  long BIG = 64 * 1024 * 1024 + 7;

  /** The store under test; it may contain blobs of other tests. */
  BlobStore blobs();

  @Test
  default void findsAndReadsAStoredBlob() throws Exception {
    BlobKey key = key();
    byte[] bytes = "a picture".getBytes(StandardCharsets.UTF_8);

    Asset asset = put(key, bytes);

    assertThat(asset).isEqualTo(new Asset(key, MediaType.PNG, bytes.length, sha256(bytes)));
    assertThat(blobs().find(key, MediaType.PNG)).contains(asset);
    assertThat(read(key)).isEqualTo(bytes);
  }

  @Test
  default void anUnknownBlobIsNotFound() {
    assertThat(blobs().find(key(), MediaType.PNG)).isEmpty();
    assertThat(blobs().open(key())).isEmpty();
  }

  @Test
  default void aBlobIsWrittenOnceAndNeverChanges() throws Exception {
    BlobKey key = key();
    byte[] first = "the first".getBytes(StandardCharsets.UTF_8);
    Asset asset = put(key, first);

    assertThat(put(key, "another one".getBytes(StandardCharsets.UTF_8))).isEqualTo(asset);

    assertThat(read(key)).isEqualTo(first);
  }

  @Test
  default void oneOfManyConcurrentWritersWinsAndAllGetTheSameAsset() throws Exception {
    BlobKey key = key();
    List<Callable<Asset>> calls = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      byte[] bytes = ("writer " + i).repeat(10_000).getBytes(StandardCharsets.UTF_8);
      calls.add(() -> put(key, bytes));
    }

    var assets = new ArrayList<Asset>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Asset> call : threads.invokeAll(calls)) {
        assets.add(call.get());
      }
    }

    assertThat(assets).containsOnly(assets.getFirst());
    assertThat(sha256(read(key))).isEqualTo(assets.getFirst().sha256());
  }

  @Test
  default void storesALargeBlobUnchanged() throws Exception {
    BlobKey key = key();

    Asset asset = blobs().put(key, MediaType.PNG, new Noise(BIG));

    assertThat(asset).isEqualTo(new Asset(key, MediaType.PNG, BIG, Noise.sha256(BIG)));
    assertThat(blobs().find(key, MediaType.PNG)).contains(asset);
    try (InputStream stored = blobs().open(key).orElseThrow()) {
      assertThat(sha256(stored)).isEqualTo(asset.sha256());
    }
  }

  @Test
  default void readsAPartOfABlob() throws Exception {
    BlobKey key = key();
    int size = 3 * 1024 * 1024 + 7; // several chunks in stores that use chunks
    blobs().put(key, MediaType.MP4, new Noise(size));

    for (long first : new long[] {0, 1, 1024 * 1024 - 1, 1024 * 1024, 2_500_000, size - 1}) {
      for (long length : new long[] {1, 2, 100_000, 1024 * 1024 + 1, size, Long.MAX_VALUE - size}) {
        byte[] part = read(key, new ByteRange(first, length));

        assertThat(part.length).isEqualTo((int) Math.min(length, size - first));
        assertThat(part[0]).isEqualTo(Noise.at(first));
        assertThat(part[part.length / 2]).isEqualTo(Noise.at(first + part.length / 2));
        assertThat(part[part.length - 1]).isEqualTo(Noise.at(first + part.length - 1));
      }
    }
  }

  @Test
  default void aRangeBehindTheEndIsEmpty() throws Exception {
    BlobKey key = key();
    put(key, new byte[] {1, 2, 3});

    assertThat(read(key, new ByteRange(3, 1))).isEmpty();
    assertThat(read(key, new ByteRange(1L << 40, 100))).isEmpty();
  }

  @Test
  default void readsAStreamByteByByte() throws Exception {
    BlobKey key = key();
    put(key, new byte[] {(byte) 0xFF, 0, 7, 8});

    try (InputStream bytes = blobs().open(key, new ByteRange(0, 3)).orElseThrow()) {
      assertThat(bytes.read()).isEqualTo(0xFF);
      assertThat(bytes.read()).isZero();
      assertThat(bytes.read(new byte[0])).isZero();
      assertThat(bytes.read()).isEqualTo(7);
      assertThat(bytes.read()).isEqualTo(-1);
      assertThat(bytes.read()).isEqualTo(-1);
    }
  }

  @Test
  default void distinguishesSimilarKeys() throws Exception {
    String id = UUID.randomUUID().toString();
    List<BlobKey> keys =
        Stream.of("0.png", "00.png", "0.gif", "1.png", "10.png", "9999.mp4", "0.0", "0.abcdefgh")
            .map(name -> new BlobKey("generations/" + id + "/" + name))
            .toList();

    for (BlobKey key : keys) {
      put(key, key.value().getBytes(StandardCharsets.UTF_8));
    }

    for (BlobKey key : keys) {
      assertThat(read(key)).asString(StandardCharsets.UTF_8).isEqualTo(key.value());
    }
  }

  @Test
  default void deletesABlobAndIgnoresARepeatedDelete() throws Exception {
    BlobKey key = key();
    BlobKey other = key();
    put(key, new byte[] {1, 2, 3});
    put(other, new byte[] {4});

    blobs().delete(key);
    blobs().delete(key);

    assertThat(blobs().find(key, MediaType.PNG)).isEmpty();
    assertThat(blobs().open(key)).isEmpty();
    assertThat(blobs().link(key, "inline")).isEmpty();
    assertThat(read(other)).containsExactly(4);
    assertThat(put(key, new byte[] {5, 6}).bytes()).isEqualTo(2);
    assertThat(read(key)).containsExactly(5, 6);
  }

  @Test
  default void rejectsAnEmptySourceAndLeavesNothingBehind() throws Exception {
    BlobKey key = key();

    assertThatThrownBy(() -> put(key, new byte[0])).isInstanceOf(IllegalArgumentException.class);

    assertThat(blobs().find(key, MediaType.PNG)).isEmpty();
    put(key, new byte[] {1});
    assertThat(read(key)).containsExactly(1);
  }

  @Test
  default void aFailingSourceLeavesNothingBehind() throws Exception {
    for (Exception broken :
        List.of(new IOException("broke off"), new IllegalStateException("refused"))) {
      for (int size : new int[] {100_000, 3 * 1024 * 1024}) { // one chunk, several chunks
        BlobKey key = key();

        assertThatThrownBy(
                () ->
                    blobs()
                        .put(key, MediaType.PNG, new BreakingInputStream(new byte[size], broken)))
            .isSameAs(broken);

        assertThat(blobs().find(key, MediaType.PNG)).isEmpty();
        byte[] whole = "the whole".getBytes(StandardCharsets.UTF_8);
        put(key, whole);
        assertThat(read(key)).isEqualTo(whole);
      }
    }
  }

  private Asset put(BlobKey key, byte[] bytes) throws IOException {
    return blobs().put(key, MediaType.PNG, new ByteArrayInputStream(bytes));
  }

  private byte[] read(BlobKey key) throws IOException {
    try (InputStream bytes = blobs().open(key).orElseThrow()) {
      return bytes.readAllBytes();
    }
  }

  private byte[] read(BlobKey key, ByteRange range) throws IOException {
    try (InputStream bytes = blobs().open(key, range).orElseThrow()) {
      return bytes.readAllBytes();
    }
  }

  private static String sha256(InputStream bytes) throws Exception {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    byte[] buffer = new byte[64 * 1024];
    for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
      sha256.update(buffer, 0, read);
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  private static BlobKey key() {
    return BlobKey.of(new GenerationId(UUID.randomUUID()), 0, MediaType.PNG);
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
