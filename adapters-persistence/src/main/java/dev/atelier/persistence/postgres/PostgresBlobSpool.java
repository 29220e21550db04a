package dev.atelier.persistence.postgres;

import dev.atelier.application.port.BlobSpool;
import dev.atelier.application.port.ByteRange;
import dev.atelier.application.port.Dependency;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.MediaType;
import dev.atelier.persistence.blob.ChecksumInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * {@link BlobSpool} in the tables {@code spooled_blobs} and {@code spooled_chunks}. No connection
 * is held while a source is read. The row in {@code spooled_blobs} is inserted last and makes the
 * blob visible.
 */
public final class PostgresBlobSpool implements BlobSpool, Dependency {
  /** The chunks of a slow upload may have been deleted as abandoned, so it requires every chunk. */
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

  private final PostgresDatabase database;
  private final SpooledChunks chunks;
  private final Clock clock;

  /**
   * @param capacity in bytes; concurrent uploads may exceed it by one chunk each
   */
  public PostgresBlobSpool(PostgresDatabase database, long capacity, Clock clock) {
    this.database = database;
    this.chunks = new SpooledChunks(database, capacity);
    this.clock = clock;
  }

  @Override
  public String name() {
    return "spool";
  }

  @Override
  public void check() {
    chunks.requireRoom();
  }

  @Override
  public Asset put(BlobKey key, MediaType type, InputStream source) throws IOException {
    UUID upload = UUID.randomUUID();
    var content = new ChecksumInputStream(source);
    int count = 0;
    Asset asset;
    try {
      for (byte[] chunk = content.readNBytes(SpooledChunks.BYTES);
          chunk.length > 0;
          chunk = content.readNBytes(SpooledChunks.BYTES)) {
        chunks.insert(upload, count, chunk, clock.instant());
        count++;
      }
      asset = content.asset(key, type);
    } catch (IOException | RuntimeException e) {
      discard(upload, count, e);
      throw e;
    }
    // If this fails, the blob may exist nevertheless, so its chunks are kept.
    if (insertBlob(asset, upload, count)) {
      return asset;
    }
    chunks.delete(upload, count);
    return find(key, type)
        .orElseThrow(
            () ->
                new UnavailableException(
                    "the spool deleted an upload that took too long",
                    new IllegalStateException("chunks are missing")));
  }

  private void discard(UUID upload, int count, Exception reason) {
    try {
      chunks.delete(upload, count);
    } catch (UnavailableException e) { // a later claim deletes them
      reason.addSuppressed(e);
    }
  }

  private boolean insertBlob(Asset asset, UUID upload, int count) {
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
                    .bind("chunks", count)
                    .execute());
    return inserted == 1;
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
                    row.asset().bytes(),
                    SpooledChunks.BYTES,
                    range,
                    number -> chunks.read(row.upload(), number)));
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

  /** Also deletes chunks that a crash left behind. */
  @Override
  public Optional<Asset> claim(Instant now, Duration lease) {
    return database.run(
        handle -> {
          SpooledChunks.deleteAbandoned(handle, now);
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

  /** The row first, so that no reader finds an incomplete blob. */
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
        .ifPresent(row -> chunks.delete(row.upload(), row.chunks()));
  }

  private record Row(UUID upload, Asset asset) {
    int chunks() {
      return Math.toIntExact(Math.ceilDiv(asset.bytes(), SpooledChunks.BYTES));
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
}
