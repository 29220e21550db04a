package dev.atelier.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.Generations.Position;
import dev.atelier.domain.Generation;
import dev.atelier.domain.Generations;
import dev.atelier.domain.Status;
import dev.atelier.domain.UserId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The index of each statement, by the plans of a database with many rows. */
class IndexesIT {
  private static final PostgresDatabase DATABASE =
      new PostgresDatabase(PostgresServer.settings(PostgresServer.shared().newDatabase()));

  @BeforeAll
  static void populate() {
    DATABASE.start();
    DATABASE.run(
        handle ->
            handle.execute("ALTER TABLE generations DISABLE TRIGGER generations_record_usage"));
    DATABASE.run(
        handle ->
            handle.execute(
                """
                INSERT INTO generations (
                  id, owner, revision, state, model, model_kind, prompt, options, prediction_id,
                  created_at, updated_at, completed_at, due_at, deleted
                )
                SELECT
                  gen_random_uuid(), 'user-' || n % 1000, 2,
                  CASE n % 20 WHEN 0 THEN 'queued' ELSE 'canceled' END,
                  'truefusion-pro', 'image', 'a lighthouse at dusk', '{}', 'pred_' || n,
                  timestamptz '2026-11-20T10:00:00Z' + (n - 50000) * interval '1 second', now(),
                  CASE n % 20 WHEN 0 THEN NULL ELSE now() END,
                  CASE WHEN n % 20 < 2 THEN now() END, n % 20 = 1
                FROM generate_series(1, 100000) AS n
                """));
    DATABASE.run(
        handle ->
            handle.execute(
                """
                INSERT INTO spooled_blobs (key, upload, media_type, size, sha256, due_at)
                SELECT 'key-' || n, gen_random_uuid(), 'image/png', 1, 'x', now()
                FROM generate_series(1, 20000) AS n
                """));
    DATABASE.run(
        handle ->
            handle.execute(
                """
                INSERT INTO spooled_chunks (upload, number, written_at, bytes)
                SELECT upload, 0, now(), 'x' FROM spooled_blobs
                """));
    DATABASE.run(handle -> handle.execute("ANALYZE generations, spooled_blobs, spooled_chunks"));
  }

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  @Test
  void aGenerationIsFoundByThePrimaryKey() {
    assertThat(plan(GenerationSql.FIND, query -> query.bind("id", UUID.randomUUID())))
        .contains("Index Scan using generations_pkey")
        .doesNotContain("Seq Scan");
  }

  @Test
  void aPredictionIsFoundByItsUniqueIndex() {
    assertThat(
            plan(
                GenerationSql.FIND_BY_PREDICTION, query -> query.bind("predictionId", "pred_4711")))
        .contains("Index Scan using generations_prediction")
        .doesNotContain("Seq Scan");
  }

  @Test
  void anIdempotencyKeyIsFoundByItsUniqueIndex() {
    for (String sql : List.of(GenerationSql.FIND_BY_KEY, GenerationSql.FREE_KEY)) {
      assertThat(plan(sql, query -> query.bind("owner", "user-20").bind("key", "wish-1")))
          .contains("Index Scan using generations_idempotency_key")
          .doesNotContain("Seq Scan");
    }
  }

  @Test
  void aPageReadsTheFirstRowsOfIndexRanges() {
    var position = new Position(Generations.CREATED, Generations.submitting().id());
    for (Set<Status> statuses :
        List.of(EnumSet.allOf(Status.class), EnumSet.of(Status.FAILED, Status.CANCELED))) {
      for (Optional<Position> after : List.of(Optional.<Position>empty(), Optional.of(position))) {
        assertReadsRanges(
            plan(GenerationSql.LIST, query -> GenerationPages.bindPage(query, statuses, after, 21)),
            "generations_by_state");
        assertReadsRanges(
            plan(
                GenerationSql.LIST_OF_OWNER,
                query ->
                    GenerationPages.bindPage(query, statuses, after, 21).bind("owner", "user-20")),
            "generations_by_owner_and_state");
      }
    }
  }

  /** Only the limited rows of the ranges are sorted. */
  private static void assertReadsRanges(String plan, String index) {
    assertThat(plan)
        .containsPattern(
            "Nested Loop[^\\n]*\\n.*unnest[^\\n]*\\n *->  Limit[^\\n]*\\n *->  Index Scan using "
                + index
                + " on generations")
        .containsPattern(
            "Index Cond: [^\\n]*state = wanted.state[^\\n]*ROW\\(created_at, id\\) < ROW")
        .doesNotContain("Seq Scan")
        .doesNotContainPattern("Filter: (?!\\(NOT deleted\\)(\\n|$))");
  }

  @Test
  void aSaveUsesThePrimaryKey() {
    assertThat(
            plan(
                GenerationSql.SAVE,
                query -> GenerationRow.bindProgress(query, Generations.queued())))
        .contains("Index Scan using generations_pkey")
        .doesNotContain("Seq Scan");
  }

  @Test
  void changesAreFoundByThePrimaryKey() {
    String ids =
        Stream.generate(() -> UUID.randomUUID().toString())
            .limit(100)
            .collect(Collectors.joining(",", "{", "}"));
    String revisions =
        Stream.generate(() -> "1").limit(100).collect(Collectors.joining(",", "{", "}"));

    assertThat(
            plan(
                PostgresChangeNotifications.SINCE,
                query -> query.bind("ids", ids).bind("revisions", revisions)))
        .contains("Index Scan using generations_pkey")
        .doesNotContain("Seq Scan");
  }

  @Test
  void theQuotaIsCountedInTheIndexOfActiveGenerations() {
    Generation begun = Generations.begun(new UserId("user-20"));

    assertThat(
            plan(
                GenerationSql.INSERT,
                query ->
                    GenerationRow.bindProgress(GenerationRow.bindRequest(query, begun), begun)
                        .bind("key", Optional.empty())
                        .bind("activeLimit", 10)
                        .bind("dailyBudget", Optional.of(BigDecimal.TEN))))
        .containsPattern(
            "Index (Only )?Scan using generations_active|Bitmap Index Scan on generations_active")
        .doesNotContain("Seq Scan");
  }

  @Test
  void aDeletedGenerationIsRemovedByThePrimaryKey() {
    assertThat(plan(GenerationSql.REMOVE, query -> query.bind("id", UUID.randomUUID())))
        .contains("Index Scan using generations_pkey")
        .doesNotContain("Seq Scan");
  }

  @Test
  void aClaimUsesTheIndexOfItsWork() {
    assertThat(plan(GenerationSql.CLAIM_TO_STORE, IndexesIT::bindClaim))
        .contains("Index Scan using generations_to_store")
        .doesNotContain("Seq Scan on generations ");
    assertThat(plan(GenerationSql.CLAIM_TO_REMOVE, IndexesIT::bindClaim))
        .contains("Index Scan using generations_to_remove")
        .doesNotContain("Seq Scan on generations ");
    assertThat(plan(GenerationSql.CLAIM_TO_OBSERVE, IndexesIT::bindClaim))
        .contains("Index Scan using generations_to_observe")
        .doesNotContain("Seq Scan on generations ");
  }

  private static Query bindClaim(Query query) {
    Instant now = Generations.CREATED;
    return GenerationClaims.bindDue(query, Optional.of(now.minusSeconds(300)), now)
        .bind("now", GenerationRow.timestamptz(now))
        .bind("leasedUntil", GenerationRow.timestamptz(now))
        .bind("limit", 50)
        .bind("format", GenerationRow.FORMAT);
  }

  @Test
  void recentlyAcceptedGenerationsAreCountedInTheIndexOfStates() {
    assertThat(
            plan(
                GenerationSql.ACCEPTED_SINCE,
                query ->
                    query.bind(
                        "since",
                        GenerationRow.timestamptz(Generations.CREATED.plusSeconds(49_000)))))
        .contains("generations_by_state")
        .doesNotContain("Seq Scan");
  }

  private static Query bindTimes(Query query) {
    Instant now = Generations.CREATED;
    return query
        .bind("now", GenerationRow.timestamptz(now))
        .bind("leasedUntil", GenerationRow.timestamptz(now));
  }

  @Test
  void aSpooledBlobAndItsChunksAreFoundByTheirPrimaryKeys() {
    assertThat(plan(PostgresBlobSpool.FIND, query -> query.bind("key", "key-4711")))
        .contains("Index Scan using spooled_blobs_pkey");
    assertThat(
            plan(
                SpooledChunks.READ,
                query -> query.bind("upload", UUID.randomUUID()).bind("number", 0)))
        .contains("Index Scan using spooled_chunks_pkey");
  }

  @Test
  void aSpoolClaimUsesTheIndexOfDueTimes() {
    assertThat(plan(PostgresBlobSpool.CLAIM, IndexesIT::bindTimes))
        .contains("Index Scan using spooled_blobs_due")
        .doesNotContain("Seq Scan on spooled_blobs ");
  }

  private interface Binding {
    Query bind(Query query);
  }

  private static String plan(String sql, Binding binding) {
    List<String> lines =
        DATABASE.run(
            (Handle handle) ->
                binding.bind(handle.createQuery("EXPLAIN " + sql)).mapTo(String.class).list());
    return String.join("\n", lines);
  }
}
