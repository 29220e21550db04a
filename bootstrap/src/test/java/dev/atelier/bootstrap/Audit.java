package dev.atelier.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.skytells.sandbox.api.SandboxPrediction;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks from outside that no paid output is lost: compares the rows in the database, the
 * predictions of the sandbox, and the outputs that the service serves.
 */
record Audit(String jdbcUrl) {
  private static final Set<String> FINAL_STATES = Set.of("succeeded", "failed", "canceled");
  private static final Duration POLL_INTERVAL = Duration.ofMillis(200);

  /**
   * A row of the table of generations.
   *
   * @param end the state, followed by the failure code if any
   * @param sha256 of each asset, in order
   */
  record Row(
      UUID id,
      String owner,
      String state,
      Optional<String> predictionId,
      String end,
      List<String> sha256,
      Optional<Instant> endedAt) {
    boolean hasEnded() {
      return FINAL_STATES.contains(state);
    }
  }

  /** The blob keys of all uploads, complete or not. */
  List<String> uploadKeys() throws SQLException {
    List<String> keys = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(jdbcUrl);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT blob_key FROM uploads")) {
      while (result.next()) {
        keys.add(result.getString(1));
      }
    }
    return keys;
  }

  List<Row> rows() throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(jdbcUrl);
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                """
                SELECT id, owner, state, prediction_id, failure_code, assets, completed_at
                FROM generations
                ORDER BY created_at
                """)) {
      while (result.next()) {
        rows.add(row(result));
      }
    }
    return rows;
  }

  private static Row row(ResultSet result) throws SQLException {
    String state = result.getString("state");
    return new Row(
        result.getObject("id", UUID.class),
        result.getString("owner"),
        state,
        Optional.ofNullable(result.getString("prediction_id")),
        Optional.ofNullable(result.getString("failure_code"))
            .map(code -> state + " " + code)
            .orElse(state),
        sha256(result.getString("assets")),
        Optional.ofNullable(result.getObject("completed_at", OffsetDateTime.class))
            .map(OffsetDateTime::toInstant));
  }

  private static List<String> sha256(@Nullable String assets) {
    try {
      return assets == null
          ? List.of()
          : new ObjectMapper()
              .readTree(assets)
              .valueStream()
              .map(asset -> asset.required("sha256"))
              .map(JsonNode::asText)
              .toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits until every row has ended. */
  List<Row> awaitEnds(Duration atMost) throws SQLException {
    Instant deadline = Instant.now().plus(atMost);
    List<Row> rows = rows();
    while (!rows.stream().allMatch(Row::hasEnded)) {
      assertThat(Instant.now()).as(() -> "not ended: " + active()).isBefore(deadline);
      LockSupport.parkNanos(POLL_INTERVAL.toNanos());
      rows = rows();
    }
    return rows;
  }

  /** Waits until all rows are removed. */
  List<Row> awaitRemoval(Duration atMost) throws SQLException {
    Instant deadline = Instant.now().plus(atMost);
    List<Row> rows = rows();
    while (!rows.isEmpty()) {
      assertThat(Instant.now()).as("not removed: %s", rows).isBefore(deadline);
      LockSupport.parkNanos(POLL_INTERVAL.toNanos());
      rows = rows();
    }
    return rows;
  }

  private List<Row> active() {
    try {
      return rows().stream().filter(row -> !row.hasEnded()).toList();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Webhook URLs, one per generation, with more than one prediction. */
  static List<URI> submittedTwice(List<SandboxPrediction> predictions) {
    return predictions.stream()
        .collect(
            Collectors.groupingBy(
                prediction -> prediction.webhook().orElseThrow(), Collectors.counting()))
        .entrySet()
        .stream()
        .filter(generation -> generation.getValue() > 1)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Predictions that do not belong to exactly one row. */
  static List<SandboxPrediction> withoutRow(List<SandboxPrediction> predictions, List<Row> rows) {
    return predictions.stream()
        .filter(
            prediction ->
                rows.stream()
                        .filter(row -> row.predictionId().equals(Optional.of(prediction.id())))
                        .count()
                    != 1)
        .toList();
  }

  /** Succeeded rows with an output that is not served or has another hash. */
  static List<Row> notServed(List<Row> rows, AtelierProcess atelier) throws Exception {
    List<Row> broken = new ArrayList<>();
    for (Row row : rows) {
      if (row.state().equals("succeeded") && !isServed(row, atelier)) {
        broken.add(row);
      }
    }
    return broken;
  }

  private static boolean isServed(Row row, AtelierProcess atelier) throws Exception {
    for (int n = 0; n < row.sha256().size(); n++) {
      HttpResponse<byte[]> output =
          atelier.getBytes("/api/predictions/" + row.id() + "/output/" + n);
      if (output.statusCode() != 200 || !sha256(output.body()).equals(row.sha256().get(n))) {
        return false;
      }
    }
    return !row.sha256().isEmpty();
  }

  /** Times from the end of the prediction to the end of the generation, in ascending order. */
  static List<Duration> storeTimes(List<SandboxPrediction> predictions, List<Row> rows) {
    Map<String, SandboxPrediction> byId =
        predictions.stream().collect(Collectors.toMap(SandboxPrediction::id, Function.identity()));
    return rows.stream()
        .map(
            row ->
                Duration.between(
                    Optional.ofNullable(byId.get(row.predictionId().orElseThrow()))
                        .flatMap(SandboxPrediction::endedAt)
                        .orElseThrow(),
                    row.endedAt().orElseThrow()))
        .sorted()
        .toList();
  }

  /** Zero if there are no values. */
  static Duration percentile(List<Duration> ascending, int percent) {
    return ascending.isEmpty()
        ? Duration.ZERO
        : ascending.get(Math.min(ascending.size() - 1, ascending.size() * percent / 100));
  }

  static String sha256(byte[] bytes) throws GeneralSecurityException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
