package dev.atelier.persistence.postgres;

/** The SQL statements on the table {@code generations}. */
final class GenerationSql {
  private GenerationSql() {}

  /**
   * Locks the owner. It is a separate statement, because the next one counts the active generations
   * and must take its snapshot after the lock is acquired. If an instance stops responding,
   * PostgreSQL ends its transaction after five seconds, which releases the lock.
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
        id, owner, revision, state, model, model_kind, prompt, options, parameters, input, input_files,
        prediction_id, outputs, outputs_expire_at, output_unreadable_since, assets, failure_code,
        failure_diagnostic, created_at, updated_at, completed_at, due_at, deleted, idempotency_key,
        price, cost, cost_currency, cost_estimated
      )
      SELECT
        :id, :owner, :revision, :state, :model, :modelKind, :prompt, CAST(:options AS jsonb),
        CAST(:parameters AS jsonb), CAST(:input AS jsonb), CAST(:inputFiles AS jsonb), :predictionId,
        CAST(:outputs AS jsonb), :outputsExpireAt, :outputUnreadableSince, CAST(:assets AS jsonb),
        :failureCode, :failureDiagnostic,
        :createdAt, :updatedAt, :completedAt, :dueAt, :deleted, :key,
        CAST(:price AS jsonb), :cost, :costCurrency, :costEstimated
      WHERE (
        SELECT count(*) FROM generations WHERE owner = :owner AND completed_at IS NULL
      ) < :activeLimit
      AND (
        CAST(:dailyBudget AS numeric) IS NULL
        OR coalesce(CAST(:cost AS numeric), 0) + (
          SELECT coalesce(sum(amount), 0) FROM daily_usage
          WHERE owner = :owner AND day = CAST(:createdAt AT TIME ZONE 'UTC' AS date)
        ) <= CAST(:dailyBudget AS numeric)
      )
      """;

  static final String COUNT_ACTIVE =
      """
      SELECT count(*) FROM generations WHERE owner = :owner AND completed_at IS NULL
      """;

  private static final String SELECT =
      """
      SELECT
        id, owner, revision, state, model, model_kind, prompt, options, parameters, input, input_files,
        prediction_id, outputs, outputs_expire_at, output_unreadable_since, assets, failure_code,
        failure_diagnostic, created_at, updated_at, completed_at, deleted,
        price, cost, cost_currency, cost_estimated
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

  /**
   * PostgreSQL checks the revision in the WHERE clause first; the unique index on the prediction is
   * checked only if the row is updated.
   */
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
        cost = :cost,
        cost_currency = :costCurrency,
        cost_estimated = :costEstimated,
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
   * Undoes the claim of a row that this version cannot read, so that a version which can read it
   * claims it at once. Before this version tries again, it waits for as long as the row has been
   * unreadable so far, within the two limits.
   */
  static final String POSTPONE_UNREADABLE =
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

  static final String REMOVE =
      """
      DELETE FROM generations WHERE id = :id AND deleted AND completed_at IS NOT NULL
      """;

  static final String POSTPONE =
      """
      UPDATE generations SET due_at = :dueAt
      WHERE id = :id AND revision = :revision AND due_at IS NOT NULL
      """;

  /**
   * The newest rows of each state are the first ones of an index range, so a page costs the same
   * however many rows there are and however far down it is.
   *
   * @param ofOwner an additional condition
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

  /**
   * Concurrent claims skip each other's rows instead of waiting for them.
   *
   * @param states a condition, literally that of the partial index that serves it
   * @param order which due rows come first
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
}
