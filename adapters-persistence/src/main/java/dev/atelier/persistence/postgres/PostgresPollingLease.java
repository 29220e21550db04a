package dev.atelier.persistence.postgres;

import dev.atelier.application.port.PollingLease;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/** {@link PollingLease} in the single row of the table {@code turns}. */
public final class PostgresPollingLease implements PollingLease {
  private static final String TAKE =
      """
      UPDATE turns SET free_from = :until WHERE free_from <= :now
      RETURNING list_read_at
      """;

  private static final String KEEP =
      """
      UPDATE turns SET free_from = :until, list_read_at = COALESCE(:listReadAt, list_read_at)
      """;

  private final PostgresDatabase database;

  public PostgresPollingLease(PostgresDatabase database) {
    this.database = database;
  }

  @Override
  public Optional<Grant> tryAcquire(Instant now, Instant until) {
    return database.run(
        handle ->
            handle
                .createQuery(TAKE)
                .bind("now", GenerationRow.timestamptz(now))
                .bind("until", GenerationRow.timestamptz(until))
                .map(
                    (row, _) ->
                        new Grant(
                            Optional.ofNullable(row.getObject("list_read_at", OffsetDateTime.class))
                                .map(OffsetDateTime::toInstant)))
                .findOne());
  }

  @Override
  public void holdUntil(Instant until) {
    keep(until, Optional.empty());
  }

  @Override
  public void holdUntil(Instant until, Instant listReadAt) {
    keep(until, Optional.of(GenerationRow.timestamptz(listReadAt)));
  }

  private void keep(Instant until, Optional<OffsetDateTime> listReadAt) {
    database.run(
        handle ->
            handle
                .createUpdate(KEEP)
                .bind("until", GenerationRow.timestamptz(until))
                .bind("listReadAt", listReadAt)
                .execute());
  }
}
