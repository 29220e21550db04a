package dev.atelier.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whether the previous version and this one can run on one database, as they do during a rolling
 * deployment and after a rollback. The previous version is the revision that {@code
 * previous.revision} in this module's pom.xml names.
 */
@Tag("previous")
class PreviousVersionIT {
  /**
   * Model kinds, failure codes and media types that the previous version need not know. They are
   * emptied when {@code previous.revision} moves on.
   */
  private static final Set<String> NEW_VALUES = Set.of("audio");

  @TempDir private static Path folder;
  private static PreviousVersion previous;

  private final String url =
      "postgresql://postgres:postgres@" + PostgresServer.shared().newDatabase().address();
  private final String owner = "user-" + UUID.randomUUID();

  @BeforeAll
  static void compile() throws Exception {
    previous = PreviousVersion.compile(System.getProperty("previous.revision"), folder);
  }

  @AfterAll
  static void close() throws Exception {
    previous.close();
  }

  @Test
  void thisVersionReadsListsAndClaimsWhatThePreviousOneWrote() {
    Map<String, String> rows = previous.write(url, owner);
    List<String> ids = List.copyOf(rows.keySet());

    assertThat(RowSamples.read(url, ids))
        .isEqualTo(previous.read(url, ids))
        .doesNotContainValue("unreadable");
    assertThat(RowSamples.list(url, owner)).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(RowSamples.claim(url)).containsExactlyInAnyOrderElementsOf(unfinished(rows));
  }

  @Test
  void thePreviousVersionReadsListsAndClaimsWhatThisOneWrites() throws Exception {
    Map<String, String> rows = RowSamples.write(url, owner);
    List<String> ids = List.copyOf(rows.keySet());
    Map<String, String> read = previous.read(url, ids);
    Map<String, String> expected = RowSamples.read(url, ids);

    boolean unreadable = read.containsValue("unreadable");
    assertThat(ids)
        .filteredOn(id -> !Objects.equals(read.get(id), expected.get(id)))
        .extracting(rows::get)
        .as("rows that the previous version reads differently or not at all")
        .isSubsetOf(NEW_VALUES);
    assertThat(GenerationRow.FORMAT)
        .as("row format: increase it if the previous version cannot read a row")
        .isGreaterThanOrEqualTo(previous.format() + (unreadable ? 1 : 0));

    forget(ids.stream().filter(id -> NEW_VALUES.contains(rows.get(id))).toList());
    List<String> rest = ids.stream().filter(id -> !NEW_VALUES.contains(rows.get(id))).toList();
    assertThat(previous.list(url, owner)).containsExactlyInAnyOrderElementsOf(rest);
    assertThat(previous.claim(url)).containsExactlyInAnyOrderElementsOf(unfinished(rows));
  }

  /** Before unreadable rows were quarantined, one made the whole list unreadable. */
  private void forget(List<String> ids) {
    try (var database = new PostgresDatabase(PostgresServer.settings(PostgresUrl.parse(url)))) {
      database.start();
      ids.forEach(
          id ->
              Unreadable.update(
                  database,
                  new dev.atelier.domain.GenerationId(UUID.fromString(id)),
                  "DELETE FROM generations WHERE id = :id"));
    }
  }

  private static List<String> unfinished(Map<String, String> rows) {
    Set<String> states = Set.of("submitting", "queued", "processing", "canceling", "storing");
    return rows.entrySet().stream()
        .filter(row -> states.contains(row.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }
}
