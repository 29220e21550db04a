package dev.atelier.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.application.port.BlobSpool;
import dev.atelier.application.port.BlobSpoolContract;
import dev.atelier.application.port.BreakingInputStream;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.MediaType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PostgresBlobSpoolIT implements BlobSpoolContract {
  private static final int MIB = 1024 * 1024;
  private static final long CAPACITY = 256 * MIB;
  private static final PostgresDatabase DATABASE =
      new PostgresDatabase(PostgresServer.settings(PostgresServer.shared().newDatabase()));

  private final PostgresBlobSpool spool = spool(CAPACITY);

  @BeforeAll
  static void start() {
    DATABASE.start();
  }

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  @BeforeEach
  void empty() {
    DATABASE.run(handle -> handle.execute("TRUNCATE spooled_blobs, spooled_chunks"));
  }

  private static PostgresBlobSpool spool(long capacity) {
    return new PostgresBlobSpool(DATABASE, capacity, Clock.fixed(NOW, ZoneOffset.UTC));
  }

  @Override
  public BlobSpool spool() {
    return spool;
  }

  @Test
  void aBlobIsInvisibleUntilItIsComplete() throws Exception {
    BlobKey key = key();
    var source =
        new InputStream() {
          private int left = 3 * MIB;

          @Override
          public int read() {
            throw new UnsupportedOperationException();
          }

          @Override
          public int read(byte[] into, int offset, int length) {
            assertThat(spool.find(key, MediaType.PNG)).isEmpty();
            assertThat(spool.open(key)).isEmpty();
            assertThat(spool.claim(NOW, LEASE)).isEmpty();
            int count = Math.min(length, left);
            left -= count;
            return count == 0 ? -1 : count;
          }
        };

    Asset asset = spool.put(key, MediaType.PNG, source);

    assertThat(asset.bytes()).isEqualTo(3 * MIB);
    assertThat(spool.find(key, MediaType.PNG)).contains(asset);
  }

  @Test
  void noConnectionIsHeldWhileASourceOrABlobIsRead() throws Exception {
    BlobKey key = key();
    int transfers = 3 * PostgresServer.POOL_SIZE;
    var streams = new ArrayList<InputStream>();
    put(key, 3 * MIB);
    for (int i = 0; i < transfers; i++) {
      InputStream bytes = spool.open(key).orElseThrow();
      assertThat(bytes.readNBytes(10)).hasSize(10);
      streams.add(bytes);
    }

    for (InputStream bytes : streams) {
      assertThat(bytes.readAllBytes()).hasSize(3 * MIB - 10);
    }
  }

  @Test
  void aBlobThatDoesNotFitIsUnavailableAndLeavesNothing() throws Exception {
    PostgresBlobSpool small = spool(3 * MIB);
    small.put(key(), MediaType.PNG, new ByteArrayInputStream(new byte[2 * MIB]));
    BlobKey tooMuch = key();

    assertThatThrownBy(
            () -> small.put(tooMuch, MediaType.PNG, new ByteArrayInputStream(new byte[2 * MIB])))
        .isInstanceOf(UnavailableException.class)
        .hasMessage("the spool is full");

    assertThat(small.find(tooMuch, MediaType.PNG)).isEmpty();
    assertThat(chunks()).isEqualTo(2);
    assertThatCode(small::check).doesNotThrowAnyException();
    small.put(tooMuch, MediaType.PNG, new ByteArrayInputStream(new byte[MIB]));
    assertThatThrownBy(small::check)
        .isInstanceOf(UnavailableException.class)
        .hasMessage("the spool is full");
    small.delete(tooMuch);
    assertThatCode(small::check).doesNotThrowAnyException();
  }

  @Test
  void concurrentUploadsExceedTheCapacityByAtMostAChunkEach() throws Exception {
    PostgresBlobSpool small = spool(4 * MIB);
    List<Callable<Asset>> calls = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      calls.add(() -> small.put(key(), MediaType.PNG, new ByteArrayInputStream(new byte[2 * MIB])));
    }

    int kept = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Asset> call : threads.invokeAll(calls)) {
        if (call.state() == Future.State.SUCCESS) {
          kept++;
        } else {
          assertThat(call.exceptionNow()).isInstanceOf(UnavailableException.class);
        }
      }
    }

    assertThat(chunks()).isEqualTo(2 * kept).isLessThanOrEqualTo(4 + 8);
  }

  @Test
  void failedDuplicateAndDeletedUploadsLeaveNoChunks() throws Exception {
    BlobKey key = key();
    var broken = new BreakingInputStream(new byte[2 * MIB], new IOException("broke off"));
    assertThatThrownBy(() -> spool.put(key, MediaType.PNG, broken)).isInstanceOf(IOException.class);
    put(key, 2 * MIB);
    put(key, 3 * MIB);
    assertThat(chunks()).isEqualTo(2);

    spool.delete(key);

    assertThat(chunks()).isZero();
  }

  @Test
  void abandonedChunksAreDeletedAndCurrentOnesKept() throws Exception {
    put(key(), MIB);
    insertAbandonedChunk(NOW.minus(SpooledChunks.ABANDONED_AFTER).minusSeconds(1));
    insertAbandonedChunk(NOW.minus(SpooledChunks.ABANDONED_AFTER).plusSeconds(1));

    assertThat(spool.claim(NOW, LEASE)).isPresent();
    assertThat(chunks()).isEqualTo(2);

    assertThat(spool.claim(NOW.plus(Duration.ofHours(2)), LEASE)).isPresent();
    assertThat(chunks()).isEqualTo(1);
  }

  private static void insertAbandonedChunk(Instant writtenAt) {
    DATABASE.run(
        handle ->
            handle
                .createUpdate("INSERT INTO spooled_chunks VALUES (:upload, 0, :writtenAt, 'half')")
                .bind("upload", UUID.randomUUID())
                .bind("writtenAt", GenerationRow.timestamptz(writtenAt))
                .execute());
  }

  @Test
  void anUploadWhoseChunksWereDeletedAsAbandonedIsUnavailable() {
    BlobKey key = key();
    var source =
        new InputStream() {
          private int left = 2 * MIB;

          @Override
          public int read() {
            throw new UnsupportedOperationException();
          }

          @Override
          public int read(byte[] into, int offset, int length) {
            if (left == MIB) {
              spool.claim(NOW.plus(Duration.ofHours(2)), LEASE);
            }
            int count = Math.min(length, left);
            left -= count;
            return count == 0 ? -1 : count;
          }
        };

    assertThatThrownBy(() -> spool.put(key, MediaType.PNG, source))
        .isInstanceOf(UnavailableException.class);

    assertThat(spool.find(key, MediaType.PNG)).isEmpty();
    assertThat(chunks()).isZero();
  }

  @Test
  void readingABlobFailsWhenItIsDeleted() throws Exception {
    BlobKey key = key();
    put(key, 2 * MIB);
    try (InputStream bytes = spool.open(key).orElseThrow()) {
      assertThat(bytes.readNBytes(MIB)).hasSize(MIB);

      spool.delete(key);

      assertThatThrownBy(bytes::read).isInstanceOf(IOException.class);
    }
  }

  @Test
  void anUnavailableDatabaseFailsCallsAndReads() throws Exception {
    var database =
        new PostgresDatabase(PostgresServer.settings(PostgresServer.shared().newDatabase()));
    database.start();
    var gone = new PostgresBlobSpool(database, CAPACITY, Clock.systemUTC());
    BlobKey key = key();
    gone.put(key, MediaType.PNG, new ByteArrayInputStream(new byte[MIB]));
    try (InputStream bytes = gone.open(key).orElseThrow()) {
      database.close();

      assertThatThrownBy(bytes::read).isInstanceOf(IOException.class);
    }
    assertThatThrownBy(() -> gone.put(key, MediaType.PNG, new ByteArrayInputStream(new byte[1])))
        .isInstanceOf(UnavailableException.class);
    assertThatThrownBy(() -> gone.open(key)).isInstanceOf(UnavailableException.class);
    assertThatThrownBy(() -> gone.claim(NOW, LEASE)).isInstanceOf(UnavailableException.class);
  }

  private void put(BlobKey key, int size) throws IOException {
    spool.put(key, MediaType.PNG, new ByteArrayInputStream(new byte[size]));
  }

  private static int chunks() {
    return DATABASE.run(
        handle -> handle.createQuery("SELECT count(*) FROM spooled_chunks").mapTo(int.class).one());
  }

  private static BlobKey key() {
    return BlobKey.of(new GenerationId(UUID.randomUUID()), 0, MediaType.PNG);
  }
}
