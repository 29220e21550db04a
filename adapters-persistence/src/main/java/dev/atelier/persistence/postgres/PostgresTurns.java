package dev.atelier.persistence.postgres;

import dev.atelier.application.port.Turns;
import java.time.Instant;

/** {@link Turns} in the only row of the table {@code turns}. */
public final class PostgresTurns implements Turns {
  private static final String TAKE =
      """
      UPDATE turns SET free_from = :until WHERE free_from <= :now
      """;

  private static final String KEEP =
      """
      UPDATE turns SET free_from = :until
      """;

  private final PostgresDatabase database;

  /** Works once the database is started. */
  public PostgresTurns(PostgresDatabase database) {
    this.database = database;
  }

  @Override
  public boolean take(Instant now, Instant until) {
    return database.run(
        handle ->
            handle
                    .createUpdate(TAKE)
                    .bind("now", GenerationRow.timestamptz(now))
                    .bind("until", GenerationRow.timestamptz(until))
                    .execute()
                == 1);
  }

  @Override
  public void keep(Instant until) {
    database.run(
        handle ->
            handle.createUpdate(KEEP).bind("until", GenerationRow.timestamptz(until)).execute());
  }
}
