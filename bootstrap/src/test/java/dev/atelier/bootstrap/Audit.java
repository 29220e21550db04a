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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What was promised, looked at from outside: the rows as the database has them, the predictions as
 * the sandbox sold them, and the bytes as the service serves them.
 *
 * @param jdbcUrl of the database
 */
record Audit(String jdbcUrl) {
  private static final Set<String> ENDS = Set.of("succeeded", "failed", "canceled");
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  /**
   * A generation as the database has it.
   *
   * @param end its state, and why it failed if it did
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
      return ENDS.contains(state);
    }
  }

  List<Row> rows() throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(jdbcUrl);
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                """
                SELECT id, owner, state, prediction_id, failure_code, assets, completed_at
                FROM generations
                ORDER BY created_at
                """)) {
      while (found.next()) {
        rows.add(row(found));
      }
    }
    return rows;
  }

  private static Row row(ResultSet found) throws SQLException {
    String state = found.getString("state");
    return new Row(
        found.getObject("id", UUID.class),
        found.getString("owner"),
        state,
        Optional.ofNullable(found.getString("prediction_id")),
        Optional.ofNullable(found.getString("failure_code"))
            .map(code -> state + " " + code)
            .orElse(state),
        sha256(found.getString("assets")),
        Optional.ofNullable(found.getObject("completed_at", OffsetDateTime.class))
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
      assertThat(Instant.now()).as(() -> "not ended: " + unended()).isBefore(deadline);
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
      rows = rows();
    }
    return rows;
  }

  /** Waits until there is no row any more. */
  List<Row> awaitRemoval(Duration atMost) throws SQLException {
    Instant deadline = Instant.now().plus(atMost);
    List<Row> rows = rows();
    while (!rows.isEmpty()) {
      assertThat(Instant.now()).as("not removed: %s", rows).isBefore(deadline);
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
      rows = rows();
    }
    return rows;
  }

  private List<Row> unended() {
    try {
      return rows().stream().filter(row -> !row.hasEnded()).toList();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** No generation was bought twice. */
  static List<URI> soldTwice(List<SandboxPrediction> sold) {
    return sold.stream()
        .collect(
            Collectors.groupingBy(
                prediction -> prediction.webhook().orElseThrow(), Collectors.counting()))
        .entrySet()
        .stream()
        .filter(generation -> generation.getValue() > 1)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The predictions that do not belong to exactly one row. */
  static List<SandboxPrediction> withoutRow(List<SandboxPrediction> sold, List<Row> rows) {
    return sold.stream()
        .filter(
            prediction ->
                rows.stream()
                        .filter(row -> row.predictionId().equals(Optional.of(prediction.id())))
                        .count()
                    != 1)
        .toList();
  }

  /** The succeeded rows whose outputs are not served, byte for byte as they were stored. */
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

  private static String sha256(byte[] bytes) throws GeneralSecurityException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
