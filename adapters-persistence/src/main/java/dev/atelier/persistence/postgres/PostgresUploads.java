package dev.atelier.persistence.postgres;

import dev.atelier.application.port.Uploads;
import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.Dimensions;
import dev.atelier.domain.MediaType;
import dev.atelier.domain.Upload;
import dev.atelier.domain.UploadId;
import dev.atelier.domain.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** {@link Uploads} in the tables {@code uploads} and {@code daily_uploads}. */
public final class PostgresUploads implements Uploads {
  /** The row lock of the count makes concurrent calls of one owner take turns. */
  private static final String COUNT =
      """
      INSERT INTO daily_uploads (owner, day, count)
      SELECT :owner, CAST(:createdAt AT TIME ZONE 'UTC' AS date), 1 WHERE :perDay > 0
      ON CONFLICT (owner, day) DO UPDATE SET count = daily_uploads.count + 1
        WHERE daily_uploads.count < :perDay
      """;

  private static final String INSERT =
      """
      INSERT INTO uploads (id, owner, media_type, blob_key, created_at, due_at)
      VALUES (:id, :owner, :type, :key, :createdAt, :dueAt)
      """;

  private static final String COMPLETE =
      """
      UPDATE uploads SET
        bytes = :bytes, sha256 = :sha256, width = :width, height = :height, due_at = :dueAt
      WHERE id = :id AND bytes IS NULL AND NOT deleted
      RETURNING *
      """;

  private static final String FIND =
      """
      SELECT * FROM uploads
      WHERE id = :id AND bytes IS NOT NULL AND NOT deleted AND due_at > :now
      """;

  private static final String KEEP =
      """
      UPDATE uploads SET due_at = GREATEST(due_at, :until)
      WHERE id = :id AND bytes IS NOT NULL AND NOT deleted AND due_at > :now
      """;

  private static final String DELETE =
      """
      UPDATE uploads SET deleted = true, due_at = :now WHERE id = :id
      """;

  private static final String CLAIM =
      """
      UPDATE uploads SET deleted = true, due_at = :leasedUntil
      WHERE id IN (
        SELECT id FROM uploads WHERE due_at <= :now
        ORDER BY due_at
        LIMIT :limit
        FOR UPDATE SKIP LOCKED
      )
      RETURNING *
      """;

  private static final String FORGET_COUNTS =
      """
      DELETE FROM daily_uploads WHERE day < CAST(:now AT TIME ZONE 'UTC' AS date) - 1
      """;

  private static final String REMOVE =
      """
      DELETE FROM uploads WHERE id = :id AND deleted
      """;

  private final PostgresDatabase database;

  public PostgresUploads(PostgresDatabase database) {
    this.database = database;
  }

  @Override
  public boolean add(Pending upload, Instant removeAt, int perDay) {
    return database.run(
        connection -> connection.inTransaction(handle -> add(handle, upload, removeAt, perDay)));
  }

  private static boolean add(Handle handle, Pending upload, Instant removeAt, int perDay) {
    int counted =
        handle
            .createUpdate(COUNT)
            .bind("owner", upload.owner().value())
            .bind("createdAt", GenerationRow.timestamptz(upload.createdAt()))
            .bind("perDay", perDay)
            .execute();
    if (counted == 0) {
      return false;
    }
    handle
        .createUpdate(INSERT)
        .bind("id", upload.id().value())
        .bind("owner", upload.owner().value())
        .bind("type", upload.type().value())
        .bind("key", upload.key().value())
        .bind("createdAt", GenerationRow.timestamptz(upload.createdAt()))
        .bind("dueAt", GenerationRow.timestamptz(removeAt))
        .execute();
    return true;
  }

  @Override
  public Optional<Upload> complete(UploadId id, Asset asset, Instant expiresAt) {
    return database.run(
        handle ->
            handle
                .createQuery(COMPLETE)
                .bind("id", id.value())
                .bind("bytes", asset.bytes())
                .bind("sha256", asset.sha256())
                .bind("width", asset.dimensions().map(Dimensions::width))
                .bind("height", asset.dimensions().map(Dimensions::height))
                .bind("dueAt", GenerationRow.timestamptz(expiresAt))
                .map(PostgresUploads::upload)
                .findOne());
  }

  @Override
  public Optional<Upload> find(UploadId id, Instant now) {
    return database.run(
        handle ->
            handle
                .createQuery(FIND)
                .bind("id", id.value())
                .bind("now", GenerationRow.timestamptz(now))
                .map(PostgresUploads::upload)
                .findOne());
  }

  @Override
  public boolean keep(UploadId id, Instant now, Instant until) {
    return database.<Integer>run(
            handle ->
                handle
                    .createUpdate(KEEP)
                    .bind("id", id.value())
                    .bind("now", GenerationRow.timestamptz(now))
                    .bind("until", GenerationRow.timestamptz(until))
                    .execute())
        == 1;
  }

  @Override
  public void delete(UploadId id, Instant now) {
    database.run(
        handle ->
            handle
                .createUpdate(DELETE)
                .bind("id", id.value())
                .bind("now", GenerationRow.timestamptz(now))
                .execute());
  }

  @Override
  public List<Removal> claimToRemove(Instant now, Duration lease, int limit) {
    return database.run(
        handle -> {
          handle.createUpdate(FORGET_COUNTS).bind("now", GenerationRow.timestamptz(now)).execute();
          return handle
              .createQuery(CLAIM)
              .bind("now", GenerationRow.timestamptz(now))
              .bind("leasedUntil", GenerationRow.timestamptz(now.plus(lease)))
              .bind("limit", limit)
              .map(PostgresUploads::removal)
              .list();
        });
  }

  @Override
  public void remove(UploadId id) {
    database.run(handle -> handle.createUpdate(REMOVE).bind("id", id.value()).execute());
  }

  private static Removal removal(ResultSet row, StatementContext context) throws SQLException {
    return new Removal(
        new UploadId(row.getObject("id", UUID.class)), new BlobKey(row.getString("blob_key")));
  }

  private static Upload upload(ResultSet row, StatementContext context) throws SQLException {
    MediaType type = GenerationJson.mediaType(row.getString("media_type"));
    int width = row.getInt("width");
    Optional<Dimensions> dimensions =
        row.wasNull() ? Optional.empty() : Optional.of(new Dimensions(width, row.getInt("height")));
    return new Upload(
        new UploadId(row.getObject("id", UUID.class)),
        new UserId(row.getString("owner")),
        new Asset(
            new BlobKey(row.getString("blob_key")),
            type,
            row.getLong("bytes"),
            row.getString("sha256"),
            dimensions),
        instant(row, "created_at"),
        instant(row, "due_at"));
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}
