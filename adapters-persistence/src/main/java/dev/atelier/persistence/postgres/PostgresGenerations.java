package dev.atelier.persistence.postgres;

import dev.atelier.application.port.Generations;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.IdempotencyKey;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.Status;
import dev.atelier.domain.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jdbi.v3.core.statement.Update;

/**
 * {@link Generations} in the table {@code generations}. Reads and saves are single statements. An
 * insert is a transaction, because concurrent inserts of one owner must not both pass the quota.
 */
public final class PostgresGenerations implements Generations {
  private static final String UNIQUE_PREDICTION = "generations_prediction";

  private final PostgresDatabase database;
  private final GenerationPages pages;
  private final GenerationClaims claims;

  /** The database must be started before the first call. */
  public PostgresGenerations(PostgresDatabase database) {
    this(database, GenerationRow.FORMAT);
  }

  /** A version of the service with another row format. */
  PostgresGenerations(PostgresDatabase database, int format) {
    this.database = database;
    this.pages = new GenerationPages(database);
    this.claims = new GenerationClaims(database, format);
  }

  @Override
  public Insertion insert(Generation generation, Optional<IdempotencyKey> key, OwnerLimits limits) {
    return database
        .unreadableRows()
        .noting(
            () ->
                database.run(
                    connection ->
                        connection.inTransaction(
                            handle -> insert(handle, generation, key, limits))));
  }

  private static Insertion insert(
      Handle handle, Generation generation, Optional<IdempotencyKey> key, OwnerLimits limits) {
    handle
        .createUpdate(GenerationSql.LOCK_OWNER)
        .bind("owner", generation.owner().value())
        .execute();
    Optional<Generation> holder = key.flatMap(k -> findByKey(handle, generation.owner(), k));
    if (holder.isPresent()) {
      return new Insertion.KeyTaken(holder.get());
    }
    Update insert =
        handle
            .createUpdate(GenerationSql.INSERT)
            .bind("key", key.map(IdempotencyKey::value))
            .bind("activeLimit", limits.active())
            .bind("dailyBudget", limits.dailyBudget());
    GenerationRow.bindRequest(insert, generation);
    GenerationRow.bindProgress(insert, generation);
    if (insert.execute() == 1) {
      return new Insertion.Inserted();
    }
    return limits.dailyBudget().isPresent() && countActive(handle, generation) < limits.active()
        ? new Insertion.BudgetExceeded()
        : new Insertion.LimitReached();
  }

  private static int countActive(Handle handle, Generation generation) {
    return handle
        .createQuery(GenerationSql.COUNT_ACTIVE)
        .bind("owner", generation.owner().value())
        .mapTo(int.class)
        .one();
  }

  /** Finds the holder of a key. A generation that no longer holds it loses it here. */
  private static Optional<Generation> findByKey(Handle handle, UserId owner, IdempotencyKey key) {
    Optional<Generation> found =
        bindKey(handle.createQuery(GenerationSql.FIND_BY_KEY), owner, key)
            .map(GenerationRow::read)
            .findOne();
    if (found.isEmpty() || found.get().holdsKey()) {
      return found;
    }
    bindKey(handle.createUpdate(GenerationSql.FREE_KEY), owner, key).execute();
    return Optional.empty();
  }

  private static <S extends SqlStatement<S>> S bindKey(
      S statement, UserId owner, IdempotencyKey key) {
    return statement.bind("owner", owner.value()).bind("key", key.value());
  }

  @Override
  public Optional<Generation> find(GenerationId id) {
    return findOne(GenerationSql.FIND, "id", id.value());
  }

  @Override
  public Optional<Generation> findByKey(UserId owner, IdempotencyKey key) {
    return database
        .unreadableRows()
        .noting(
            () ->
                database.run(
                    handle ->
                        bindKey(handle.createQuery(GenerationSql.FIND_BY_KEY), owner, key)
                            .map(GenerationRow::read)
                            .findOne()))
        .filter(Generation::holdsKey);
  }

  @Override
  public Optional<Generation> findByPrediction(PredictionId id) {
    return findOne(GenerationSql.FIND_BY_PREDICTION, "predictionId", id.value());
  }

  private Optional<Generation> findOne(String sql, String name, Object value) {
    return database
        .unreadableRows()
        .noting(
            () ->
                database.run(
                    handle ->
                        handle
                            .createQuery(sql)
                            .bind(name, value)
                            .map(GenerationRow::read)
                            .findOne()));
  }

  @Override
  public List<Generation> list(
      Optional<UserId> owner, Set<Status> statuses, Optional<Position> after, int limit) {
    return pages.list(owner, statuses, after, limit);
  }

  @Override
  public Saving save(Generation next) {
    return database.run(
        handle -> {
          try {
            int saved =
                GenerationRow.bindProgress(handle.createUpdate(GenerationSql.SAVE), next).execute();
            return saved == 1 ? Saving.SAVED : Saving.CONFLICT;
          } catch (UnableToExecuteStatementException e) {
            if (PostgresDatabase.violated(e.getCause())
                .filter(UNIQUE_PREDICTION::equals)
                .isPresent()) {
              return Saving.PREDICTION_TAKEN;
            }
            throw e;
          }
        });
  }

  @Override
  public List<Claim> claim(Work work, Instant now, Duration lease, int limit) {
    return claims.claim(work, now, lease, limit);
  }

  @Override
  public int acceptedSince(Instant since) {
    return database.run(
        handle ->
            handle
                .createQuery(GenerationSql.ACCEPTED_SINCE)
                .bind("since", GenerationRow.timestamptz(since))
                .mapTo(Integer.class)
                .one());
  }

  @Override
  public void remove(GenerationId id) {
    database.run(
        handle -> handle.createUpdate(GenerationSql.REMOVE).bind("id", id.value()).execute());
  }

  @Override
  public void postpone(Generation generation, Instant dueAt) {
    database.run(
        handle ->
            handle
                .createUpdate(GenerationSql.POSTPONE)
                .bind("id", generation.id().value())
                .bind("revision", generation.revision())
                .bind("dueAt", GenerationRow.timestamptz(dueAt))
                .execute());
  }
}
