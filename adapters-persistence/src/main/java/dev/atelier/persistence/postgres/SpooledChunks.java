package dev.atelier.persistence.postgres;

import dev.atelier.application.port.UnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The table {@code spooled_chunks}, the content of spooled blobs. */
final class SpooledChunks {
  /** In bytes; the table has the same limit. */
  static final int BYTES = 1024 * 1024;

  /** Longer than any upload takes: a chunk of this age without a blob was left by a crash. */
  static final Duration ABANDONED_AFTER = Duration.ofHours(1);

  /** Chunks of abandoned uploads count towards the capacity. */
  static final String INSERT =
      """
      INSERT INTO spooled_chunks (upload, number, written_at, bytes)
      SELECT :upload, :number, :now, :bytes
      WHERE (
        SELECT coalesce(sum(octet_length(bytes)), 0) FROM spooled_chunks
      ) + :length <= :capacity
      """;

  static final String TOTAL_BYTES =
      """
      SELECT coalesce(sum(octet_length(bytes)), 0) FROM spooled_chunks
      """;

  static final String READ =
      """
      SELECT bytes FROM spooled_chunks WHERE upload = :upload AND number = :number
      """;

  static final String DELETE =
      """
      DELETE FROM spooled_chunks WHERE upload = :upload AND number = :number
      """;

  static final String DELETE_ABANDONED =
      """
      DELETE FROM spooled_chunks
      WHERE (upload, number) IN (
        SELECT upload, number FROM spooled_chunks AS chunk
        WHERE written_at < :limit
          AND NOT EXISTS (SELECT FROM spooled_blobs WHERE spooled_blobs.upload = chunk.upload)
        LIMIT 16
      )
      """;

  private final PostgresDatabase database;
  private final long capacity;

  SpooledChunks(PostgresDatabase database, long capacity) {
    this.database = database;
    this.capacity = capacity;
  }

  void requireRoom() {
    long total = database.run(handle -> handle.createQuery(TOTAL_BYTES).mapTo(long.class).one());
    if (total > capacity - BYTES) {
      throw full();
    }
  }

  void insert(UUID upload, int number, byte[] bytes, Instant now) {
    int inserted =
        database.run(
            handle ->
                handle
                    .createUpdate(INSERT)
                    .bind("upload", upload)
                    .bind("number", number)
                    .bind("now", GenerationRow.timestamptz(now))
                    .bind("bytes", bytes)
                    .bind("length", bytes.length)
                    .bind("capacity", capacity)
                    .execute());
    if (inserted == 0) {
      throw full();
    }
  }

  private UnavailableException full() {
    return new UnavailableException(
        "the spool is full", new IllegalStateException("its capacity is " + capacity + " bytes"));
  }

  Optional<byte[]> read(UUID upload, int number) {
    return database.run(
        handle ->
            handle
                .createQuery(READ)
                .bind("upload", upload)
                .bind("number", number)
                .mapTo(byte[].class)
                .findOne());
  }

  /** One chunk per statement, to keep each statement short. */
  void delete(UUID upload, int count) {
    for (int i = 0; i < count; i++) {
      int number = i;
      database.run(
          handle ->
              handle.createUpdate(DELETE).bind("upload", upload).bind("number", number).execute());
    }
  }

  static void deleteAbandoned(Handle handle, Instant now) {
    handle
        .createUpdate(DELETE_ABANDONED)
        .bind("limit", GenerationRow.timestamptz(now.minus(ABANDONED_AFTER)))
        .execute();
  }
}
