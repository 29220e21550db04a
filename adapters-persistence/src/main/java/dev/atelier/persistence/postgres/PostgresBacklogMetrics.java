package dev.atelier.persistence.postgres;

import dev.atelier.application.port.BacklogMetrics;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** {@link BacklogMetrics} from the unfinished rows, which have a partial index. */
public final class PostgresBacklogMetrics implements BacklogMetrics {
  static final String COUNT =
      """
      SELECT
        state,
        count(*) AS generations,
        min(created_at) AS oldest,
        sum(
          CASE state WHEN 'storing' THEN jsonb_array_length(jsonb_path_query_array(outputs, '$[*].url')) ELSE 0 END
        ) AS outputs_waiting
      FROM generations
      WHERE completed_at IS NULL
      GROUP BY state
      """;

  private final PostgresDatabase database;

  public PostgresBacklogMetrics(PostgresDatabase database) {
    this.database = database;
  }

  private record Count(String state, long generations, Instant oldest, long outputsWaiting) {}

  @Override
  public Report count() {
    var counts =
        database.run(
            handle ->
                handle
                    .createQuery(COUNT)
                    .map(
                        (row, _) ->
                            new Count(
                                row.getString("state"),
                                row.getLong("generations"),
                                row.getObject("oldest", OffsetDateTime.class).toInstant(),
                                row.getLong("outputs_waiting")))
                    .list());
    Map<String, Long> unfinished =
        new HashMap<>(
            Map.of(
                "submitting", 0L, "queued", 0L, "processing", 0L, "canceling", 0L, "storing", 0L));
    counts.forEach(count -> unfinished.put(count.state(), count.generations()));
    Optional<Instant> oldest = counts.stream().map(Count::oldest).min(Instant::compareTo);
    return new Report(
        unfinished,
        counts.stream().mapToLong(Count::outputsWaiting).sum(),
        oldest,
        database.unreadableRows().count());
  }
}
