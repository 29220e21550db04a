package dev.atelier.persistence.postgres;

import dev.atelier.application.port.Generations;
import dev.atelier.application.port.UnreadableGenerationException;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.IdempotencyKey;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.State;
import dev.atelier.domain.StateName;
import dev.atelier.domain.Status;
import dev.atelier.domain.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jdbi.v3.core.statement.Update;

/**
 * {@link Generations} in the table {@code generations}. Reads and saves are single statements; only
 * an insert is a transaction, because two of one owner must not count at the same time.
 */
public final class PostgresGenerations implements Generations {
  private static final String UNIQUE_PREDICTION = "generations_prediction";

  /**
   * A statement of its own, so that the next one's snapshot is taken when the lock is held: the
   * count then sees every insert that was before it. The lock goes with the transaction, and the
   * transaction of an instance that has vanished goes after five seconds.
   */
  static final String LOCK_OWNER =
      """
      SELECT
        set_config('idle_in_transaction_session_timeout', '5s', true),
        set_config('lock_timeout', '2s', true),
        pg_advisory_xact_lock(hashtext('generations.owner'), hashtext(:owner))
      """;

  static final String INSERT =
      """
      INSERT INTO generations (
        id, owner, revision, state, model, model_kind, prompt, options, prediction_id,
        outputs, outputs_expire_at, output_unreadable_since, assets, failure_code, failure_diagnostic,
        created_at, updated_at, completed_at, due_at, deleted, idempotency_key
      )
      SELECT
        :id, :owner, :revision, :state, :model, :modelKind, :prompt, CAST(:options AS jsonb), :predictionId,
        CAST(:outputs AS jsonb), :outputsExpireAt, :outputUnreadableSince, CAST(:assets AS jsonb),
        :failureCode, :failureDiagnostic,
        :createdAt, :updatedAt, :completedAt, :dueAt, :deleted, :key
      WHERE (
        SELECT count(*) FROM generations WHERE owner = :owner AND completed_at IS NULL
      ) < :activeLimit
      """;

  private static final String SELECT =
      """
      SELECT
        id, owner, revision, state, model, model_kind, prompt, options, prediction_id,
        outputs, outputs_expire_at, output_unreadable_since, assets, failure_code,
        failure_diagnostic, created_at, updated_at, completed_at, deleted
      FROM generations
      """;

  static final String FIND =
      SELECT
          + """
          WHERE id = :id
          """;

  static final String FIND_BY_PREDICTION =
      SELECT
          + """
          WHERE prediction_id = :predictionId
          """;

  static final String LIST = list("");

  static final String LIST_OF_OWNER = list("AND owner = :owner");

  static final String FIND_BY_KEY =
      SELECT
          + """
          WHERE owner = :owner AND idempotency_key = :key
          """;

  static final String FREE_KEY =
      """
      UPDATE generations SET idempotency_key = NULL
      WHERE owner = :owner AND idempotency_key = :key
      """;

  /** The revision decides before the unique prediction is looked at: only a changed row is. */
  static final String SAVE =
      """
      UPDATE generations SET
        revision = :revision,
        state = :state,
        prediction_id = :predictionId,
        outputs = CAST(:outputs AS jsonb),
        outputs_expire_at = :outputsExpireAt,
        output_unreadable_since = :outputUnreadableSince,
        assets = CAST(:assets AS jsonb),
        failure_code = :failureCode,
        failure_diagnostic = :failureDiagnostic,
        updated_at = :updatedAt,
        completed_at = :completedAt,
        due_at = :dueAt,
        deleted = :deleted,
        looks = 0,
        unreadable_since = NULL,
        unreadable_until = NULL,
        unreadable_format = NULL
      WHERE id = :id AND revision = :revision - 1
      """;

  static final String CLAIM_TO_STORE =
      claim("state = 'storing'", "outputs_expire_at <= :dueBy, outputs_expire_at, due_at");

  static final String CLAIM_TO_OBSERVE =
      claim("state IN ('submitting', 'queued', 'processing', 'canceling')", "due_at");

  static final String CLAIM_TO_REMOVE = claim("deleted AND completed_at IS NOT NULL", "due_at");

  /** Each state is a range of the index on state and time. */
  static final String ACCEPTED_SINCE =
      """
      SELECT count(*) FROM generations
      WHERE state IN (
          'queued', 'processing', 'canceling', 'storing', 'succeeded', 'failed', 'canceled'
        )
        AND created_at > :since
        AND prediction_id IS NOT NULL
      """;

  /**
   * For those who can read the row, as if the claim had not been. The next try is after as long as
   * it has been unreadable.
   */
  private static final String POSTPONE_UNREADABLE =
      """
      UPDATE generations SET
        due_at = :now,
        looks = looks - 1,
        unreadable_since = coalesce(unreadable_since, :now),
        unreadable_until = :now + LEAST(
          GREATEST(:now - unreadable_since, make_interval(secs => :shortest)),
          make_interval(secs => :longest)
        ),
        unreadable_format = GREATEST(unreadable_format, :format)
      WHERE id = :id
      """;

  /** The rows of a further page, where those before were unreadable. */
  private static final int FURTHER_ROWS = 500;

  static final String REMOVE =
      """
      DELETE FROM generations WHERE id = :id AND deleted AND completed_at IS NOT NULL
      """;

  static final String POSTPONE =
      """
      UPDATE generations SET due_at = :dueAt
      WHERE id = :id AND revision = :revision AND due_at IS NOT NULL
      """;

  private final PostgresDatabase database;
  private final int format;

  /** Works once the database is started. */
  public PostgresGenerations(PostgresDatabase database) {
    this(database, GenerationRow.FORMAT);
  }

  /** A version that writes rows of that format. */
  PostgresGenerations(PostgresDatabase database, int format) {
    this.database = database;
    this.format = format;
  }

  @Override
  public Insertion insert(Generation generation, Optional<IdempotencyKey> key, int activeLimit) {
    return withQuarantine(
        () ->
            database.run(
                connection ->
                    connection.inTransaction(
                        handle -> insert(handle, generation, key, activeLimit))));
  }

  private <T> T withQuarantine(Supplier<T> read) {
    try {
      return read.get();
    } catch (UnreadableGenerationException e) {
      database.unreadableRows().note(e);
      throw e;
    }
  }

  /** Empty, and noted, when the row cannot be read. */
  private <T> Optional<T> readable(RowMapper<T> mapper, ResultSet row, StatementContext context)
      throws SQLException {
    try {
      return Optional.of(mapper.map(row, context));
    } catch (UnreadableGenerationException e) {
      database.unreadableRows().note(e);
      return Optional.empty();
    }
  }

  private static Insertion insert(
      Handle handle, Generation generation, Optional<IdempotencyKey> key, int activeLimit) {
    handle.createUpdate(LOCK_OWNER).bind("owner", generation.owner().value()).execute();
    Optional<Generation> holder = key.flatMap(it -> findByKey(handle, generation.owner(), it));
    if (holder.isPresent()) {
      return new Insertion.KeyTaken(holder.get());
    }
    Update insert =
        handle
            .createUpdate(INSERT)
            .bind("key", key.map(IdempotencyKey::value))
            .bind("activeLimit", activeLimit);
    GenerationRow.bindRequest(insert, generation);
    GenerationRow.bindProgress(insert, generation);
    return insert.execute() == 1 ? new Insertion.Inserted() : new Insertion.LimitReached();
  }

  /** Who holds the key, once it was taken from whoever does not hold it any more. */
  private static Optional<Generation> findByKey(Handle handle, UserId owner, IdempotencyKey key) {
    Optional<Generation> found =
        bindKey(handle.createQuery(FIND_BY_KEY), owner, key).map(GenerationRow::read).findOne();
    if (found.isEmpty() || found.get().holdsKey()) {
      return found;
    }
    bindKey(handle.createUpdate(FREE_KEY), owner, key).execute();
    return Optional.empty();
  }

  private static <S extends SqlStatement<S>> S bindKey(
      S statement, UserId owner, IdempotencyKey key) {
    return statement.bind("owner", owner.value()).bind("key", key.value());
  }

  @Override
  public Optional<Generation> find(GenerationId id) {
    return withQuarantine(
        () ->
            database.run(
                handle ->
                    handle
                        .createQuery(FIND)
                        .bind("id", id.value())
                        .map(GenerationRow::read)
                        .findOne()));
  }

  @Override
  public Optional<Generation> findByPrediction(PredictionId id) {
    return withQuarantine(
        () ->
            database.run(
                handle ->
                    handle
                        .createQuery(FIND_BY_PREDICTION)
                        .bind("predictionId", id.value())
                        .map(GenerationRow::read)
                        .findOne()));
  }

  /**
   * Each state's newest are the first rows of a range of an index, so that a page costs the same
   * however few of very many rows it looks for, and however far down it is.
   *
   * @param ofOwner a further condition
   */
  private static String list(String ofOwner) {
    return """
    SELECT page.*
    FROM unnest(string_to_array(:states, ',')) AS wanted (state)
    CROSS JOIN LATERAL (
      SELECT * FROM generations
      WHERE state = wanted.state %s AND NOT deleted AND (created_at, id) < (:createdAt, :id)
      ORDER BY created_at DESC, id DESC
      LIMIT :limit
    ) AS page
    ORDER BY created_at DESC, id DESC
    LIMIT :limit
    """
        .formatted(ofOwner);
  }

  @Override
  public List<Generation> list(
      Optional<UserId> owner, Set<Status> statuses, Optional<Position> after, int limit) {
    var found = new ArrayList<Generation>();
    Optional<Position> from = after;
    int rows = limit;
    while (true) {
      List<Listed> page = page(owner, statuses, from, rows);
      page.stream().map(Listed::generation).flatMap(Optional::stream).forEach(found::add);
      if (page.size() < rows || found.size() >= limit) {
        return List.copyOf(found.subList(0, Math.min(found.size(), limit)));
      }
      from = Optional.of(page.getLast().position());
      rows = Math.max(limit, FURTHER_ROWS);
    }
  }

  private record Listed(Position position, Optional<Generation> generation) {}

  private List<Listed> page(
      Optional<UserId> owner, Set<Status> statuses, Optional<Position> after, int limit) {
    return database.run(
        handle -> {
          Query query = handle.createQuery(owner.isPresent() ? LIST_OF_OWNER : LIST);
          owner.ifPresent(it -> query.bind("owner", it.value()));
          return bindPage(query, statuses, after, limit).map(this::listed).list();
        });
  }

  private Listed listed(ResultSet row, StatementContext context) throws SQLException {
    return new Listed(GenerationRow.position(row), readable(GenerationRow::read, row, context));
  }

  /** Without a place to begin behind, everything is behind the end of time. */
  static Query bindPage(Query query, Set<Status> statuses, Optional<Position> after, int limit) {
    return query
        .bind(
            "states",
            Stream.of(StateName.values())
                .filter(state -> statuses.contains(state.status()))
                .map(StateName::value)
                .collect(Collectors.joining(",")))
        .bind(
            "createdAt",
            after
                .map(Position::createdAt)
                .map(GenerationRow::timestamptz)
                .orElse(OffsetDateTime.MAX))
        .bind("id", after.map(Position::id).map(GenerationId::value).orElse(new UUID(0, 0)))
        .bind("limit", limit);
  }

  @Override
  public Saving save(Generation next) {
    return database.run(
        handle -> {
          try {
            int saved = GenerationRow.bindProgress(handle.createUpdate(SAVE), next).execute();
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

  /**
   * Two claims that run at the same time skip each other's rows instead of waiting for them.
   *
   * @param states a condition, to the letter that of the index which serves it
   * @param order which of those that are due go first
   */
  private static String claim(String states, String order) {
    return """
    WITH due AS (
      SELECT id FROM generations
      WHERE %s AND due_at <= :dueBy AND due_at > :dueAfter
        AND (unreadable_until IS NULL OR unreadable_until <= :now OR unreadable_format < :format)
      ORDER BY %s
      LIMIT :limit
      FOR UPDATE SKIP LOCKED
    )
    UPDATE generations SET due_at = :leasedUntil, looks = looks + 1
    FROM due
    WHERE generations.id = due.id
    RETURNING generations.*
    """
        .formatted(states, order);
  }

  @Override
  public List<Claim> claim(Work work, Instant now, Duration lease, int limit) {
    return switch (work) {
      case STORE -> claim(CLAIM_TO_STORE, Range.until(now), now, lease, limit);
      case OBSERVE -> claimToObserve(now, lease, limit);
      case REMOVE -> claim(CLAIM_TO_REMOVE, Range.until(now), now, lease, limit);
    };
  }

  /** Two statements, because each of them reads the index in its order and stops at the limit. */
  private List<Claim> claimToObserve(Instant now, Duration lease, int limit) {
    Instant expired = now.minus(State.RETENTION);
    var claims =
        new ArrayList<>(
            claim(CLAIM_TO_OBSERVE, new Range(Optional.of(expired), now), now, lease, limit));
    if (claims.size() < limit) {
      claims.addAll(
          claim(CLAIM_TO_OBSERVE, Range.until(expired), now, lease, limit - claims.size()));
    }
    return claims;
  }

  /** Due times, the first one excluded. */
  private record Range(Optional<Instant> after, Instant until) {
    static Range until(Instant until) {
      return new Range(Optional.empty(), until);
    }
  }

  /** Unreadable rows do not count towards the limit. */
  private List<Claim> claim(String sql, Range due, Instant now, Duration lease, int limit) {
    var claims = new ArrayList<Claim>();
    int wanted = limit;
    int taken;
    do {
      List<Taken> rows = take(sql, due, now, lease, wanted);
      rows.stream().map(Taken::claim).flatMap(Optional::stream).forEach(claims::add);
      taken = rows.size() < wanted ? 0 : rows.size();
      wanted = limit - claims.size();
    } while (taken > 0 && wanted > 0);
    return List.copyOf(claims);
  }

  private record Taken(UUID id, Optional<Claim> claim) {}

  /** One transaction, so that nobody finds an unreadable row leased. */
  private List<Taken> take(String sql, Range due, Instant now, Duration lease, int limit) {
    return database.run(
        connection ->
            connection.inTransaction(
                handle -> {
                  List<Taken> rows =
                      bindDue(handle.createQuery(sql), due.after(), due.until())
                          .bind("now", GenerationRow.timestamptz(now))
                          .bind("leasedUntil", GenerationRow.timestamptz(now.plus(lease)))
                          .bind("limit", limit)
                          .bind("format", format)
                          .map(this::taken)
                          .list();
                  rows.stream()
                      .filter(row -> row.claim().isEmpty())
                      .forEach(row -> postponeUnreadable(handle, row.id(), now));
                  return rows;
                }));
  }

  private Taken taken(ResultSet row, StatementContext context) throws SQLException {
    return new Taken(
        row.getObject("id", UUID.class), readable(GenerationRow::readClaim, row, context));
  }

  private void postponeUnreadable(Handle handle, UUID id, Instant now) {
    handle
        .createUpdate(POSTPONE_UNREADABLE)
        .bind("id", id)
        .bind("now", GenerationRow.timestamptz(now))
        .bind("shortest", (double) SHORTEST_BACK_OFF.toSeconds())
        .bind("longest", (double) LONGEST_BACK_OFF.toSeconds())
        .bind("format", format)
        .execute();
  }

  static Query bindDue(Query query, Optional<Instant> after, Instant until) {
    return query
        .bind("dueAfter", after.map(GenerationRow::timestamptz).orElse(OffsetDateTime.MIN))
        .bind("dueBy", GenerationRow.timestamptz(until));
  }

  @Override
  public int acceptedSince(Instant since) {
    return database.run(
        handle ->
            handle
                .createQuery(ACCEPTED_SINCE)
                .bind("since", GenerationRow.timestamptz(since))
                .mapTo(Integer.class)
                .one());
  }

  @Override
  public void remove(GenerationId id) {
    database.run(handle -> handle.createUpdate(REMOVE).bind("id", id.value()).execute());
  }

  @Override
  public void postpone(Generation generation, Instant dueAt) {
    database.run(
        handle ->
            handle
                .createUpdate(POSTPONE)
                .bind("id", generation.id().value())
                .bind("revision", generation.revision())
                .bind("dueAt", GenerationRow.timestamptz(dueAt))
                .execute());
  }
}
