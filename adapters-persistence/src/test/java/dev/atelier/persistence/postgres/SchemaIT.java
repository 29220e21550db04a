package dev.atelier.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.domain.Generation;
import dev.atelier.domain.Generations;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.Update;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The constraints of the table reject rows that match no state. */
class SchemaIT {
  /** The state of a row, a change that makes it invalid, and the violated constraint. */
  private static final String TABLE =
      """
      queued     | revision = -1             | generations_revision_counts
      queued     | state = 'pending'         | generations_state_known
      queued     | model_kind = 'text'       | generations_model_kind_known
      failed     | failure_code = 'bad_luck' | generations_failure_code_known
      submitting | prediction_id = 'pred_1'  | generations_prediction_by_state
      queued     | cost_currency = NULL      | generations_cost_complete
      queued     | prediction_id = NULL      | generations_prediction_by_state
      processing | prediction_id = NULL      | generations_prediction_by_state
      canceling  | outputs = '[{}]'          | generations_outputs_by_state
      canceling  | due_at = NULL             | generations_due_until_the_end
      storing    | prediction_id = NULL      | generations_prediction_by_state
      succeeded  | prediction_id = NULL      | generations_prediction_by_state
      canceled   | prediction_id = NULL      | generations_prediction_by_state
      storing    | outputs = NULL            | generations_outputs_by_state
      storing    | outputs = '[]'            | generations_outputs_by_state
      storing    | outputs_expire_at = NULL  | generations_outputs_by_state
      processing | outputs = '[{}]'          | generations_outputs_by_state
      processing | outputs_expire_at = now() | generations_outputs_by_state
      succeeded  | assets = NULL             | generations_assets_by_state
      succeeded  | assets = '[]'             | generations_assets_by_state
      failed     | assets = NULL             | generations_assets_by_state
      failed     | assets = '{}'             | generations_assets_by_state
      canceled   | assets = '[]'             | generations_assets_by_state
      failed     | failure_code = NULL       | generations_failure_by_state
      failed     | failure_diagnostic = NULL | generations_failure_by_state
      canceled   | failure_diagnostic = 'no' | generations_failure_by_state
      queued     | completed_at = now(), due_at = NULL | generations_end_by_state
      succeeded  | completed_at = NULL, due_at = now() | generations_end_by_state
      failed     | completed_at = NULL, due_at = now() | generations_end_by_state
      canceled   | completed_at = NULL, due_at = now() | generations_end_by_state
      queued     | due_at = NULL             | generations_due_until_the_end
      canceled   | due_at = now()            | generations_due_until_the_end
      canceled   | deleted = true            | generations_due_until_the_end
      queued     | looks = -1                | generations_looks_count
      """;

  private static final PostgresDatabase DATABASE =
      new PostgresDatabase(PostgresServer.settings(PostgresServer.shared().newDatabase()));

  @BeforeAll
  static void aRowInEveryState() {
    DATABASE.start();
    for (Generation generation :
        List.of(
            Generations.submitting(),
            Generations.queued(),
            Generations.processing(),
            Generations.canceling(),
            Generations.storing(),
            Generations.succeeded(),
            Generations.failed(),
            Generations.canceled())) {
      insert(generation);
    }
  }

  /** Inserts a row in its state, with a unique prediction. */
  private static void insert(Generation generation) {
    DATABASE.run(
        handle -> {
          Update insert =
              handle
                  .createUpdate(GenerationSql.INSERT)
                  .bind("key", Optional.empty())
                  .bind("activeLimit", 10)
                  .bind("dailyBudget", Optional.empty());
          GenerationRow.bindRequest(insert, generation);
          GenerationRow.bindProgress(insert, generation);
          return generation
              .state()
              .prediction()
              .map(_ -> insert.bind("predictionId", generation.id().toString()))
              .orElse(insert)
              .execute();
        });
  }

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  static Stream<Arguments> rules() {
    return TABLE
        .lines()
        .map(line -> line.split("\\|", -1))
        .map(rule -> Arguments.of(rule[0].strip(), rule[1].strip(), rule[2].strip()));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void rejectsAnInvalidRow(String state, String change, String constraint) {
    assertThatThrownBy(
            () ->
                DATABASE.run(
                    handle ->
                        handle.execute(
                            "UPDATE generations SET " + change + " WHERE state = ?", state)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the database rejected a statement: SQLSTATE 23514 " + constraint);
  }

  @Test
  void everyConstraintIsTested() {
    List<String> constraints =
        DATABASE.run(
            handle ->
                handle
                    .createQuery(
                        """
                        SELECT conname FROM pg_constraint
                        WHERE conrelid = 'generations'::regclass AND contype = 'c'
                        """)
                    .mapTo(String.class)
                    .list());

    assertThat(constraints).hasSameElementsAs(rules().map(rule -> (String) rule.get()[2]).toList());
  }
}
