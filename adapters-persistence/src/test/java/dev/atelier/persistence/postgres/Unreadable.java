package dev.atelier.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.domain.GenerationId;

/** Makes rows unreadable, as a newer version might have written them, and readable again. */
final class Unreadable {
  private Unreadable() {}

  static void make(PostgresDatabase database, GenerationId id) {
    update(
        database, id, "UPDATE generations SET options = jsonb_build_array(options) WHERE id = :id");
  }

  static void undo(PostgresDatabase database, GenerationId id) {
    update(database, id, "UPDATE generations SET options = options -> 0 WHERE id = :id");
  }

  static void update(PostgresDatabase database, GenerationId id, String sql) {
    assertThat(
            database.<Integer>run(
                handle -> handle.createUpdate(sql).bind("id", id.value()).execute()))
        .isEqualTo(1);
  }
}
