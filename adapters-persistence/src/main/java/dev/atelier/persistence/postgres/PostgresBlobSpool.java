package dev.atelier.persistence.postgres;

import dev.atelier.application.port.BlobSpool;
import dev.atelier.application.port.ByteRange;
import dev.atelier.application.port.Dependency;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * {@link BlobSpool} in the tables {@code spooled_blobs} and {@code spooled_chunks}. Every statement
 * stands alone and is short, whatever a blob's size: no source is read and no store is written to
 * while a connection is held. A blob is there from its last statement on, which adds the one row
 * that makes its chunks a blob.
 */
public final class PostgresBlobSpool implements BlobSpool, Dependency {
  /** The most bytes of one statement, as the table has it. */
  static final int CHUNK_BYTES = 1024 * 1024;

  /** No upload takes that long, so a chunk that old and without a blob was left by a crash. */
  static final Duration ABANDONED_AFTER = Duration.ofHours(1);

  /** What a crash has left counts, too: it takes up room. */
  static final String INSERT_CHUNK =
      """
      INSERT INTO spooled_chunks (upload, number, written_at, bytes)
      SELECT :upload, :number, :now, :bytes
      WHERE (
        SELECT coalesce(sum(octet_length(bytes)), 0) FROM spooled_chunks
      ) + :length <= :capacity
      """;

  static final String KEPT =
      """
      SELECT coalesce(sum(octet_length(bytes)), 0) FROM spooled_chunks
      """;

  /** Only with every chunk: a slow upload may have been taken for one that a crash has left. */
  static final String INSERT_BLOB =
      """
      INSERT INTO spooled_blobs (key, upload, media_type, size, sha256, due_at)
      SELECT :key, :upload, :mediaType, :size, :sha256, :now
      WHERE (SELECT count(*) FROM spooled_chunks WHERE upload = :upload) = :chunks
      ON CONFLICT (key) DO NOTHING
      """;

  static final String FIND =
      """
      SELECT key, upload, media_type, size, sha256 FROM spooled_blobs WHERE key = :key
      """;

  static final String READ_CHUNK =
      """
      SELECT bytes FROM spooled_chunks WHERE upload = :upload AND number = :number
      """;

  /** Two claims that run at the same time skip each other's row instead of waiting for it. */
  static final String CLAIM =
      """
      WITH due AS (
        SELECT key FROM spooled_blobs
        WHERE due_at <= :now
        ORDER BY due_at
        LIMIT 1
        FOR UPDATE SKIP LOCKED
      )
      UPDATE spooled_blobs SET due_at = :leasedUntil
      FROM due
      WHERE spooled_blobs.key = due.key
      RETURNING spooled_blobs.*
      """;

  static final String POSTPONE =
      """
      UPDATE spooled_blobs SET due_at = :dueAt WHERE key = :key
      """;

  static final String DELETE_BLOB =
      """
      DELETE FROM spooled_blobs WHERE key = :key
      RETURNING key, upload, media_type, size, sha256
      """;

  static final String DELETE_CHUNK =
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
  private final Clock clock;

  /**
   * Works once the database is started.
   *
   * @param capacity the most bytes to keep. Uploads that run at the same moment do not see each
   *     other's last chunk, so it may be exceeded by a chunk for each of them.
   */
  public PostgresBlobSpool(PostgresDatabase database, long capacity, Clock clock) {
    this.database = database;
    this.capacity = capacity;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "spool";
  }

  /** Whether it can take another chunk. */
  @Override
  public void check() {
    long kept = database.run(handle -> handle.createQuery(KEPT).mapTo(long.class).one());
    if (kept > capacity - CHUNK_BYTES) {
      throw full();
    }
  }

  @Override
  public Asset put(BlobKey key, MediaType type, InputStream source) throws IOException {
    UUID upload = UUID.randomUUID();
    MessageDigest sha256 = sha256();
    long size = 0;
    int chunks = 0;
    Asset asset;
    try {
      for (byte[] chunk = source.readNBytes(CHUNK_BYTES);
          chunk.length > 0;
          chunk = source.readNBytes(CHUNK_BYTES)) {
        insertChunk(upload, chunks, chunk);
        sha256.update(chunk);
        size += chunk.length;
        chunks++;
      }
      asset = new Asset(key, type, size, HexFormat.of().formatHex(sha256.digest()));
    } catch (IOException | RuntimeException e) {
      giveUp(upload, chunks, e);
      throw e;
    }
    // Where this breaks, nobody knows whether there is a blob now; so its chunks stay.
    if (insertBlob(asset, upload, chunks)) {
      return asset;
    }
    deleteChunks(upload, chunks);
    return find(key, type)
        .orElseThrow(
            () ->
                new UnavailableException(
                    "the spool has lost an upload", new IllegalStateException("it took too long")));
  }

  private void insertChunk(UUID upload, int number, byte[] bytes) {
    int inserted =
        database.run(
            handle ->
                handle
                    .createUpdate(INSERT_CHUNK)
                    .bind("upload", upload)
                    .bind("number", number)
                    .bind("now", GenerationRow.timestamptz(clock.instant()))
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
        "the spool is full", new IllegalStateException("it keeps " + capacity + " bytes"));
  }

  private boolean insertBlob(Asset asset, UUID upload, int chunks) {
    int inserted =
        database.run(
            handle ->
                handle
                    .createUpdate(INSERT_BLOB)
                    .bind("key", asset.key().value())
                    .bind("upload", upload)
                    .bind("mediaType", asset.type().value())
                    .bind("size", asset.bytes())
                    .bind("sha256", asset.sha256())
                    .bind("now", GenerationRow.timestamptz(clock.instant()))
                    .bind("chunks", chunks)
                    .execute());
    return inserted == 1;
  }

  private void giveUp(UUID upload, int chunks, Exception reason) {
    try {
      deleteChunks(upload, chunks);
    } catch (UnavailableException e) { // they are removed later, as after a crash
      reason.addSuppressed(e);
    }
  }

  private void deleteChunks(UUID upload, int chunks) {
    for (int i = 0; i < chunks; i++) {
      int number = i;
      database.run(
          handle ->
              handle
                  .createUpdate(DELETE_CHUNK)
                  .bind("upload", upload)
                  .bind("number", number)
                  .execute());
    }
  }

  @Override
  public Optional<Asset> find(BlobKey key, MediaType type) {
    return row(key).map(Row::asset);
  }

  @Override
  public Optional<InputStream> open(BlobKey key, ByteRange range) {
    return row(key)
        .map(
            row ->
                new ChunkInputStream(
                    row.asset().bytes(), CHUNK_BYTES, range, readChunks(row.upload())));
  }

  private ChunkInputStream.Chunks readChunks(UUID upload) {
    return number ->
        database.run(
            handle ->
                handle
                    .createQuery(READ_CHUNK)
                    .bind("upload", upload)
                    .bind("number", number)
                    .mapTo(byte[].class)
                    .findOne());
  }

  private Optional<Row> row(BlobKey key) {
    return database.run(
        handle ->
            handle
                .createQuery(FIND)
                .bind("key", key.value())
                .map(PostgresBlobSpool::read)
                .findOne());
  }

  /** Also removes what crashes have left: whoever takes blobs out leaves the place tidy. */
  @Override
  public Optional<Asset> claim(Instant now, Duration lease) {
    return database.run(
        handle -> {
          handle
              .createUpdate(DELETE_ABANDONED)
              .bind("limit", GenerationRow.timestamptz(now.minus(ABANDONED_AFTER)))
              .execute();
          return handle
              .createQuery(CLAIM)
              .bind("now", GenerationRow.timestamptz(now))
              .bind("leasedUntil", GenerationRow.timestamptz(now.plus(lease)))
              .map(PostgresBlobSpool::read)
              .findOne()
              .map(Row::asset);
        });
  }

  @Override
  public void postpone(BlobKey key, Instant dueAt) {
    database.run(
        handle ->
            handle
                .createUpdate(POSTPONE)
                .bind("key", key.value())
                .bind("dueAt", GenerationRow.timestamptz(dueAt))
                .execute());
  }

  /** The row first: half of a blob is never to be seen. */
  @Override
  public void delete(BlobKey key) {
    database
        .run(
            handle ->
                handle
                    .createQuery(DELETE_BLOB)
                    .bind("key", key.value())
                    .map(PostgresBlobSpool::read)
                    .findOne())
        .ifPresent(row -> deleteChunks(row.upload(), row.chunks()));
  }

  private record Row(UUID upload, Asset asset) {
    int chunks() {
      return Math.toIntExact(Math.ceilDiv(asset.bytes(), CHUNK_BYTES));
    }
  }

  private static Row read(ResultSet row, StatementContext context) throws SQLException {
    return new Row(
        row.getObject("upload", UUID.class),
        new Asset(
            new BlobKey(row.getString("key")),
            GenerationJson.mediaType(row.getString("media_type")),
            row.getLong("size"),
            row.getString("sha256")));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
