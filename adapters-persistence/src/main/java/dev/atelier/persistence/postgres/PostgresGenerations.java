package dev.atelier.persistence.postgres;

import dev.atelier.application.port.Generations;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.PredictionId;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
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
   * count then sees every insert that was before it. The lock goes with the transaction.
   */
  static final String LOCK_OWNER =
      """
      SELECT pg_advisory_xact_lock(hashtext('generations.owner'), hashtext(:owner))
      """;

  static final String INSERT =
      """
      INSERT INTO generations (
        id, owner, revision, state, model, model_kind, prompt, options, prediction_id,
        outputs, outputs_expire_at, assets, failure_code, failure_diagnostic,
        created_at, updated_at, completed_at
      )
      SELECT
        :id, :owner, :revision, :state, :model, :modelKind, :prompt, CAST(:options AS jsonb), :predictionId,
        CAST(:outputs AS jsonb), :outputsExpireAt, CAST(:assets AS jsonb),
        :failureCode, :failureDiagnostic,
        :createdAt, :updatedAt, :completedAt
      WHERE (
        SELECT count(*) FROM generations WHERE owner = :owner AND completed_at IS NULL
      ) < :activeLimit
      """;

  private static final String SELECT =
      """
      SELECT
        id, owner, revision, state, model, model_kind, prompt, options, prediction_id,
        outputs, outputs_expire_at, assets, failure_code, failure_diagnostic,
        created_at, updated_at, completed_at
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

  /** The revision decides before the unique prediction is looked at: only a changed row is. */
  static final String SAVE =
      """
      UPDATE generations SET
        revision = :revision,
        state = :state,
        prediction_id = :predictionId,
        outputs = CAST(:outputs AS jsonb),
        outputs_expire_at = :outputsExpireAt,
        assets = CAST(:assets AS jsonb),
        failure_code = :failureCode,
        failure_diagnostic = :failureDiagnostic,
        updated_at = :updatedAt,
        completed_at = :completedAt
      WHERE id = :id AND revision = :revision - 1
      """;

  private final PostgresDatabase database;

  /** Works once the database is started. */
  public PostgresGenerations(PostgresDatabase database) {
    this.database = database;
  }

  @Override
  public Insertion insert(Generation generation, int activeLimit) {
    return database.run(
        connection -> connection.inTransaction(handle -> insert(handle, generation, activeLimit)));
  }

  private static Insertion insert(Handle handle, Generation generation, int activeLimit) {
    handle.createUpdate(LOCK_OWNER).bind("owner", generation.owner().value()).execute();
    Update insert = handle.createUpdate(INSERT).bind("activeLimit", activeLimit);
    GenerationRow.bindRequest(insert, generation);
    GenerationRow.bindProgress(insert, generation);
    int inserted = insert.execute();
    return inserted == 1 ? Insertion.INSERTED : Insertion.LIMIT_REACHED;
  }

  @Override
  public Optional<Generation> find(GenerationId id) {
    return database.run(
        handle ->
            handle.createQuery(FIND).bind("id", id.value()).map(GenerationRow::read).findOne());
  }

  @Override
  public Optional<Generation> findByPrediction(PredictionId id) {
    return database.run(
        handle ->
            handle
                .createQuery(FIND_BY_PREDICTION)
                .bind("predictionId", id.value())
                .map(GenerationRow::read)
                .findOne());
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
}
