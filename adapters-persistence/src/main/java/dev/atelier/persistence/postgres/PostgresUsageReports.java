package dev.atelier.persistence.postgres;

import dev.atelier.application.port.UsageReports;
import java.util.List;
import java.util.Optional;

/** {@link UsageReports} from the table {@code daily_usage}. */
public final class PostgresUsageReports implements UsageReports {
  private static final String SUMS =
      """
      SELECT %1$s AS name, currency, sum(generations) AS generations, sum(amount) AS amount
      FROM daily_usage
      WHERE day BETWEEN :from AND :to AND (CAST(:owner AS text) IS NULL OR owner = :owner)
      GROUP BY 1, 2
      HAVING sum(generations) > 0
      ORDER BY %1$s %2$s, currency
      """;

  private final PostgresDatabase database;

  public PostgresUsageReports(PostgresDatabase database) {
    this.database = database;
  }

  @Override
  public List<Entry> usage(Query query) {
    return database.run(
        handle ->
            handle
                .createQuery(sums(query.by()))
                .bind("from", query.from())
                .bind("to", query.to())
                .bind("owner", query.owner().map(owner -> owner.value()))
                .map(
                    (row, _) ->
                        new Entry(
                            row.getString("name"),
                            Optional.of(row.getString("currency")).filter(text -> !text.isEmpty()),
                            row.getLong("generations"),
                            row.getBigDecimal("amount")))
                .list());
  }

  private static String sums(Grouping by) {
    return switch (by) {
      case DAY -> SUMS.formatted("day", "DESC");
      case MODEL -> SUMS.formatted("model COLLATE \"C\"", "ASC");
      case USER -> SUMS.formatted("owner COLLATE \"C\"", "ASC");
    };
  }
}
