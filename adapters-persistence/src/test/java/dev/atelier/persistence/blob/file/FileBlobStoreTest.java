package dev.atelier.persistence.blob.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.application.port.BlobStore;
import dev.atelier.application.port.BlobStoreContract;
import dev.atelier.application.port.BreakingInputStream;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.MediaType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileBlobStoreTest implements BlobStoreContract {
  private static final byte[] PICTURE = "a picture".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;
  private Path root;
  private FileBlobStore blobs;

  @BeforeEach
  void start() {
    root = folder.resolve("not/there/yet");
    blobs = new FileBlobStore(root, Clock.systemUTC());
    blobs.check();
  }

  @Override
  public BlobStore blobs() {
    return blobs;
  }

  @Test
  void anAssetSurvivesARestart() throws IOException {
    BlobKey key = key();
    Asset asset = put(key);

    var restarted = new FileBlobStore(root, Clock.systemUTC());
    restarted.check();

    assertThat(restarted.find(key, MediaType.PNG)).contains(asset);
  }

  @Test
  void aBlobIsStoredUnderItsKey() throws IOException {
    BlobKey key = key();
    put(key);

    assertThat(root.resolve(key.value())).hasBinaryContent(PICTURE);
  }

  @Test
  void noTemporaryFileRemains() throws IOException {
    BlobKey key = key();
    put(key);
    put(key);
    var broken = new BreakingInputStream(new byte[100_000], new IOException("broke off"));
    assertThatThrownBy(() -> blobs.put(key(), MediaType.PNG, broken))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> blobs.put(key(), MediaType.PNG, InputStream.nullInputStream()))
        .isInstanceOf(IllegalArgumentException.class);
    blobs.check();

    assertThat(incoming()).isEmpty();
  }

  @Test
  void aBlobIsInvisibleUntilItIsComplete() throws IOException {
    BlobKey key = key();
    var source =
        new InputStream() {
          private int left = 100_000;

          @Override
          public int read() {
            assertThat(blobs.find(key, MediaType.PNG)).isEmpty();
            assertThat(blobs.open(key)).isEmpty();
            return left-- > 0 ? 'x' : -1;
          }

          @Override
          public int read(byte[] into, int offset, int length) {
            int next = read();
            if (next < 0) {
              return next;
            }
            int count = Math.min(length, 10_000);
            left -= count;
            return count;
          }
        };

    Asset asset = blobs.put(key, MediaType.PNG, source);

    assertThat(blobs.find(key, MediaType.PNG)).contains(asset);
  }

  @Test
  void theStartRemovesAbandonedFilesAndKeepsCurrentOnes() throws IOException {
    Path leftover = Files.writeString(root.resolve("incoming/1.part"), "half a pict");
    Path underWay = Files.writeString(root.resolve("incoming/2.part"), "half a pict");
    var past = Clock.systemUTC().instant().minus(FileBlobStore.ABANDONED_AFTER);
    Files.setLastModifiedTime(leftover, FileTime.from(past.minus(Duration.ofMinutes(1))));
    Files.setLastModifiedTime(underWay, FileTime.from(past.plus(Duration.ofMinutes(1))));

    new FileBlobStore(root, Clock.systemUTC()).check();

    assertThat(leftover).doesNotExist();
    assertThat(underWay).exists();
  }

  @Test
  void concurrentStartsDoNotDisturbAWrite() throws Exception {
    BlobKey key = key();
    List<Callable<Object>> calls = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      calls.add(
          () -> {
            var instance = new FileBlobStore(root, Clock.systemUTC());
            instance.check();
            return instance.put(key, MediaType.PNG, new ByteArrayInputStream(PICTURE));
          });
    }

    var told = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Object> call : threads.invokeAll(calls)) {
        told.add(call.get());
      }
    }

    assertThat(told).containsOnly(told.getFirst()).hasSize(32);
  }

  @Test
  void aReadOnlyRootIsUnavailable() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "not a folder");
    var unwritable = new FileBlobStore(file.resolve("blobs"), Clock.systemUTC());

    assertThatThrownBy(unwritable::check).isInstanceOf(UnavailableException.class);
    assertThatThrownBy(
            () -> unwritable.put(key(), MediaType.PNG, new ByteArrayInputStream(new byte[] {1, 2})))
        .isInstanceOf(UnavailableException.class);
    assertThatThrownBy(() -> unwritable.open(key())).isInstanceOf(UnavailableException.class);
  }

  @Test
  void anUnmountedStoreIsUnavailableAndNotEmpty() throws IOException {
    BlobKey key = key();
    put(key);
    Path elsewhere = folder.resolve("elsewhere");
    Files.move(root, elsewhere);

    assertThatThrownBy(() -> blobs.find(key, MediaType.PNG))
        .isInstanceOf(UnavailableException.class);
    assertThatThrownBy(() -> blobs.open(key)).isInstanceOf(UnavailableException.class);
    assertThatThrownBy(() -> put(key)).isInstanceOf(UnavailableException.class);
    assertThatThrownBy(blobs::check).isInstanceOf(UnavailableException.class);

    Files.move(elsewhere, root);
    assertThatCode(blobs::check).doesNotThrowAnyException();
    assertThat(blobs.find(key, MediaType.PNG)).isPresent();
  }

  @Test
  void anUnusableRootIsUsedOnceItBecomesUsable() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "not a folder");
    var late = new FileBlobStore(file.resolve("blobs"), Clock.systemUTC());
    assertThatThrownBy(late::check).isInstanceOf(UnavailableException.class);
    BlobKey key = key();
    assertThatThrownBy(() -> late.put(key, MediaType.PNG, new ByteArrayInputStream(new byte[] {1})))
        .isInstanceOf(UnavailableException.class);

    Files.delete(file);

    assertThatCode(late::check).doesNotThrowAnyException();
    late.put(key, MediaType.PNG, new ByteArrayInputStream(new byte[] {1}));
    assertThat(late.find(key, MediaType.PNG)).isPresent();
  }

  @Test
  void theDependencyIsNamedStorage() {
    assertThat(blobs.name()).isEqualTo("storage");
  }

  private Asset put(BlobKey key) throws IOException {
    return blobs.put(key, MediaType.PNG, new ByteArrayInputStream(PICTURE));
  }

  private List<Path> incoming() throws IOException {
    try (Stream<Path> files = Files.list(root.resolve("incoming"))) {
      return files.toList();
    }
  }

  private static BlobKey key() {
    return BlobKey.of(new GenerationId(UUID.randomUUID()), 0, MediaType.PNG);
  }
}
