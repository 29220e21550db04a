package dev.atelier.persistence.postgres;

import dev.atelier.application.port.Generations.Claim;
import dev.atelier.application.port.Generations.Position;
import dev.atelier.application.port.UnreadableGenerationException;
import dev.atelier.domain.Cost;
import dev.atelier.domain.Failure;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.GenerationRequest;
import dev.atelier.domain.Model;
import dev.atelier.domain.ModelInput;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.Prompt;
import dev.atelier.domain.State;
import dev.atelier.domain.StateName;
import dev.atelier.domain.UserId;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.StatementContext;

/** Maps generations to rows of the table {@code generations} and back. */
final class GenerationRow {
  /**
   * The row format of this version. Increase it with every change after which the previous version
   * cannot read all rows (see {@code docs/upgrades.md}). A row that one version cannot read is
   * postponed for that and older versions only.
   */
  static final int FORMAT = 2;

  private GenerationRow() {}

  /** Binds the immutable columns. */
  static <S extends SqlStatement<S>> S bindRequest(S statement, Generation generation) {
    GenerationRequest request = generation.request();
    return statement
        .bind("owner", generation.owner().value())
        .bind("model", request.model().slug())
        .bind("modelKind", sqlName(request.model().kind()))
        .bind("prompt", request.prompt().map(Prompt::value))
        .bind("options", GenerationJson.write(request.options()))
        .bind(
            "parameters",
            Optional.of(request.parameters())
                .filter(parameters -> !parameters.equals(ModelInput.EMPTY))
                .map(GenerationJson::write))
        .bind("input", request.input().map(GenerationJson::write))
        .bind(
            "inputFiles",
            Optional.of(request.files())
                .filter(files -> !files.isEmpty())
                .map(GenerationJson::writeFiles))
        .bind("price", request.price().map(GenerationJson::write))
        .bind("createdAt", timestamptz(generation.createdAt()));
  }

  /** Binds the id and the mutable columns. */
  static <S extends SqlStatement<S>> S bindProgress(S statement, Generation generation) {
    State state = generation.state();
    Optional<State.Storing> storing = as(State.Storing.class, state);
    Optional<Failure> failure = as(State.Failed.class, state).map(State.Failed::failure);
    return statement
        .bind("id", generation.id().value())
        .bind("revision", generation.revision())
        .bind("deleted", generation.deleted())
        .bind("state", StateName.of(state).value())
        .bind("predictionId", state.prediction().map(PredictionId::value))
        .bind("outputs", storing.map(State.Storing::outputs).map(GenerationJson::writeOutputs))
        .bind(
            "outputsExpireAt",
            storing.map(State.Storing::expiresAt).map(GenerationRow::timestamptz))
        .bind(
            "outputUnreadableSince",
            as(State.Processing.class, state)
                .flatMap(State.Processing::unreadableSince)
                .map(GenerationRow::timestamptz))
        .bind("assets", assets(state))
        .bind("failureCode", failure.map(Failure::code).map(Failure.Code::value))
        .bind("failureDiagnostic", failure.map(Failure::diagnostic))
        .bind("cost", generation.cost().map(Cost::amount))
        .bind("costCurrency", generation.cost().map(Cost::currency))
        .bind("costEstimated", generation.cost().map(Cost::estimated))
        .bind("updatedAt", timestamptz(generation.updatedAt()))
        .bind("completedAt", state.endedAt().map(GenerationRow::timestamptz))
        .bind("dueAt", generation.dueAt().map(GenerationRow::timestamptz));
  }

  private static <T extends State> Optional<T> as(Class<T> type, State state) {
    return Optional.of(state).filter(type::isInstance).map(type::cast);
  }

  /** The assets of an ended generation; before the end they are part of the outputs. */
  private static Optional<String> assets(State state) {
    return switch (state) {
      case State.Submitting _,
          State.Queued _,
          State.Processing _,
          State.Canceling _,
          State.Storing _,
          State.Canceled _ ->
          Optional.empty();
      case State.Succeeded succeeded -> Optional.of(GenerationJson.writeAssets(succeeded.assets()));
      case State.Failed failed -> Optional.of(GenerationJson.writeAssets(failed.assets()));
    };
  }

  /**
   * Reads a row.
   *
   * @throws UnreadableGenerationException if this version cannot read it
   */
  static Generation read(ResultSet row, StatementContext context) throws SQLException {
    var id = new GenerationId(row.getObject("id", UUID.class));
    try {
      return new Generation(
          id,
          new UserId(row.getString("owner")),
          request(row),
          instant(row, "created_at"),
          instant(row, "updated_at"),
          row.getInt("revision"),
          row.getBoolean("deleted"),
          cost(row),
          state(row));
    } catch (RuntimeException e) { // an unknown or missing value
      throw new UnreadableGenerationException(id, owner(row), row.getBoolean("deleted"), e);
    }
  }

  private static Optional<UserId> owner(ResultSet row) throws SQLException {
    try {
      return Optional.of(new UserId(row.getString("owner")));
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  /** The list position of a row, which may be unreadable. */
  static Position position(ResultSet row) throws SQLException {
    return new Position(
        instant(row, "created_at"), new GenerationId(row.getObject("id", UUID.class)));
  }

  /**
   * Reads a row that was just claimed, which has increased its attempts.
   *
   * @throws UnreadableGenerationException if this version cannot read it
   */
  static Claim readClaim(ResultSet row, StatementContext context) throws SQLException {
    return new Claim(read(row, context), row.getInt("looks") - 1);
  }

  private static GenerationRequest request(ResultSet row) throws SQLException {
    return new GenerationRequest(
        new Model(
            row.getString("model"), Model.Kind.valueOf(javaName(row.getString("model_kind")))),
        optional(row, "prompt").map(Prompt::new),
        GenerationJson.readOptions(row.getString("options")),
        optional(row, "parameters").map(GenerationJson::readInput).orElse(ModelInput.EMPTY),
        optional(row, "input").map(GenerationJson::readInput),
        optional(row, "input_files").map(GenerationJson::readFiles).orElseGet(List::of),
        optional(row, "price").map(GenerationJson::readPrice));
  }

  private static Optional<Cost> cost(ResultSet row) throws SQLException {
    BigDecimal amount = row.getBigDecimal("cost");
    return amount == null
        ? Optional.empty()
        : Optional.of(
            new Cost(amount, row.getString("cost_currency"), row.getBoolean("cost_estimated")));
  }

  private static Optional<String> optional(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getString(column));
  }

  private static State state(ResultSet row) throws SQLException {
    return switch (StateName.valueOf(javaName(row.getString("state")))) {
      case SUBMITTING -> new State.Submitting();
      case QUEUED -> new State.Queued(prediction(row));
      case PROCESSING ->
          new State.Processing(
              prediction(row),
              Optional.ofNullable(row.getObject("output_unreadable_since", OffsetDateTime.class))
                  .map(OffsetDateTime::toInstant));
      case CANCELING -> new State.Canceling(adopted(row));
      case STORING ->
          new State.Storing(
              prediction(row),
              GenerationJson.readOutputs(row.getString("outputs")),
              instant(row, "outputs_expire_at"));
      case SUCCEEDED ->
          new State.Succeeded(
              prediction(row),
              GenerationJson.readAssets(row.getString("assets")),
              instant(row, "completed_at"));
      case FAILED ->
          new State.Failed(
              adopted(row),
              GenerationJson.failure(
                  row.getString("failure_code"), row.getString("failure_diagnostic")),
              GenerationJson.readAssets(row.getString("assets")),
              instant(row, "completed_at"));
      case CANCELED -> new State.Canceled(prediction(row), instant(row, "completed_at"));
    };
  }

  private static Optional<PredictionId> adopted(ResultSet row) throws SQLException {
    return optional(row, "prediction_id").map(PredictionId::new);
  }

  private static PredictionId prediction(ResultSet row) throws SQLException {
    return new PredictionId(row.getString("prediction_id"));
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  /** Truncates to microseconds, so that no time is later than the event. */
  static OffsetDateTime timestamptz(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
  }

  private static String sqlName(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String javaName(String sqlName) {
    return sqlName.toUpperCase(Locale.ROOT);
  }
}
