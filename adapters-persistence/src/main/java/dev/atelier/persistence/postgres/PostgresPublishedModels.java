package dev.atelier.persistence.postgres;

import dev.atelier.application.port.PublishedModels;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.PreparedBatch;

/** {@link PublishedModels} in the table {@code published_models}. */
public final class PostgresPublishedModels implements PublishedModels {
  private static final String ALL =
      """
      SELECT slug, document FROM published_models
      """;

  private static final String SAVE =
      """
      INSERT INTO published_models (slug, document) VALUES (:slug, CAST(:document AS json))
      ON CONFLICT (slug) DO UPDATE SET document = EXCLUDED.document
      """;

  private final PostgresDatabase database;

  public PostgresPublishedModels(PostgresDatabase database) {
    this.database = database;
  }

  @Override
  public Map<String, String> all() {
    return database.run(
        handle ->
            handle
                .createQuery(ALL)
                .map((row, _) -> Map.entry(row.getString("slug"), row.getString("document")))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  /** Ordered by slug, so that concurrent calls do not deadlock. */
  @Override
  public void save(Map<String, String> documents) {
    if (documents.isEmpty()) {
      return;
    }
    database.run(
        connection ->
            connection.inTransaction(
                handle -> {
                  PreparedBatch batch = handle.prepareBatch(SAVE);
                  documents.entrySet().stream()
                      .sorted(Map.Entry.comparingByKey())
                      .forEach(
                          entry ->
                              batch
                                  .bind("slug", entry.getKey())
                                  .bind("document", entry.getValue())
                                  .add());
                  return batch.execute();
                }));
  }
}
