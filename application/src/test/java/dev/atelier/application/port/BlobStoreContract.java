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
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every {@link BlobStore} does. */
public interface BlobStoreContract {
  /** The store under test; other tests may have written to it. */
  BlobStore blobs();

  @Test
  default void whatWasPutIsFoundAndRead() throws Exception {
    BlobKey key = key();
    byte[] bytes = "a picture".getBytes(StandardCharsets.UTF_8);

    Asset asset = put(key, bytes);

    assertThat(asset).isEqualTo(new Asset(key, MediaType.PNG, bytes.length, sha256(bytes)));
    assertThat(blobs().find(key, MediaType.PNG)).contains(asset);
    assertThat(read(key)).isEqualTo(bytes);
  }

  @Test
  default void whatWasNeverPutIsNotThere() {
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
  default void ofManyWritersOfOneKeyOneWinsAndAllAreToldTheSame() throws Exception {
    BlobKey key = key();
    List<Callable<Asset>> calls = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      byte[] bytes = ("writer " + i).repeat(10_000).getBytes(StandardCharsets.UTF_8);
      calls.add(() -> put(key, bytes));
    }

    var told = new ArrayList<Asset>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Asset> call : threads.invokeAll(calls)) {
        told.add(call.get());
      }
    }

    assertThat(told).containsOnly(told.getFirst());
    assertThat(sha256(read(key))).isEqualTo(told.getFirst().sha256());
  }

  @Test
  default void aBigBlobSurvivesToTheByte() throws Exception {
    BlobKey key = key();
    byte[] bytes = new byte[9 * 1024 * 1024 + 7];
    new Random(42).nextBytes(bytes);

    assertThat(put(key, bytes).sha256()).isEqualTo(sha256(bytes));

    assertThat(read(key)).isEqualTo(bytes);
  }

  @Test
  default void aSourceThatBreaksOffLeavesNothingBehind() throws Exception {
    BlobKey key = key();
    var broken = new IOException("broke off");

    assertThatThrownBy(
            () ->
                blobs().put(key, MediaType.PNG, new BreakingInputStream(new byte[100_000], broken)))
        .isSameAs(broken);

    assertThat(blobs().find(key, MediaType.PNG)).isEmpty();
    byte[] whole = "the whole".getBytes(StandardCharsets.UTF_8);
    put(key, whole);
    assertThat(read(key)).isEqualTo(whole);
  }

  private Asset put(BlobKey key, byte[] bytes) throws IOException {
    return blobs().put(key, MediaType.PNG, new ByteArrayInputStream(bytes));
  }

  private byte[] read(BlobKey key) throws IOException {
    try (InputStream bytes = blobs().open(key).orElseThrow()) {
      return bytes.readAllBytes();
    }
  }

  private static BlobKey key() {
    return BlobKey.of(new GenerationId(UUID.randomUUID()), 0, MediaType.PNG);
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
