package dev.atelier.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.application.port.Generations;
import dev.atelier.application.port.Generations.Claim;
import dev.atelier.application.port.Generations.Insertion;
import dev.atelier.application.port.Generations.Position;
import dev.atelier.application.port.Generations.Saving;
import dev.atelier.application.port.Generations.Work;
import dev.atelier.application.port.GenerationsContract;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.application.port.UnreadableGenerationException;
import dev.atelier.domain.Asset;
import dev.atelier.domain.Failure;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.MediaType;
import dev.atelier.domain.Model;
import dev.atelier.domain.Output;
import dev.atelier.domain.OutputStatus;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.State;
import dev.atelier.domain.UserId;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresGenerationsIT implements GenerationsContract {
  private static final PostgresUrl URL = PostgresServer.shared().newDatabase();
  private static final PostgresDatabase DATABASE =
      new PostgresDatabase(PostgresServer.settings(URL));

  private final PostgresGenerations generations = new PostgresGenerations(DATABASE);

  @BeforeAll
  static void start() {
    DATABASE.start();
  }

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  @Override
  public Generations generations() {
    return generations;
  }

  @Override
  public void makeUnreadable(GenerationId id) {
    Unreadable.make(DATABASE, id);
  }

  @Override
  public void makeReadable(GenerationId id) {
    Unreadable.undo(DATABASE, id);
  }

  @Test
  void theTestServerHasHostileDefaults() throws SQLException {
    try (Connection plain = DriverManager.getConnection(URL.jdbcUrl(), "postgres", "")) {
      assertThat(plain.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_REPEATABLE_READ);
    }
    String timeZone =
        DATABASE.run(handle -> handle.createQuery("SHOW TIME ZONE").mapTo(String.class).one());
    assertThat(timeZone).isEqualTo(PostgresServer.TIME_ZONE);
    assertThat(TimeZone.getDefault().getID()).isNotIn("UTC", PostgresServer.TIME_ZONE);
  }

  @Test
  void timesAreTruncatedToMicroseconds() {
    Instant now = Instant.parse("2026-11-20T10:00:06.123456999Z");
    Generation begun =
        dev.atelier.domain.Generations.create(
            new GenerationId(UUID.randomUUID()),
            UserId.ANONYMOUS,
            dev.atelier.domain.Generations.request(),
            now);
    insert(begun);

    assertThat(generations.find(begun.id()).orElseThrow().createdAt())
        .isEqualTo("2026-11-20T10:00:06.123456Z");
  }

  @Test
  void anInstantInARepeatedLocalHourIsPreserved() {
    for (String twice : List.of("2026-11-01T03:30:00Z", "2026-11-01T04:30:00Z")) {
      Generation begun = begun();
      insert(begun);
      Generation canceled =
          moved(
              begun,
              new State.Canceled(new PredictionId(begun.id().toString()), Instant.parse(twice)));

      assertThat(generations.save(canceled)).isEqualTo(Saving.SAVED);
      assertThat(generations.find(begun.id())).contains(canceled);
    }
  }

  @Test
  void twoInstancesShareOneQuota() throws Exception {
    UserId owner = new UserId("user-" + UUID.randomUUID());
    var insertions = new ArrayList<Insertion>();
    try (var other = new PostgresDatabase(PostgresServer.settings(URL));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      other.start();
      var others = new PostgresGenerations(other);
      List<Callable<Insertion>> calls = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        Generations instance = i % 2 == 0 ? generations : others;
        Generation generation = dev.atelier.domain.Generations.begun(owner);
        calls.add(() -> instance.insert(generation, Optional.empty(), 10));
      }
      for (Future<Insertion> call : threads.invokeAll(calls)) {
        insertions.add(call.get());
      }
    }

    assertThat(insertions).filteredOn(new Insertion.Inserted()::equals).hasSize(10);
    assertThat(insertions).hasSize(60);
  }

  @Test
  void twoInstancesShareOneKey() throws Exception {
    UserId owner = new UserId("user-" + UUID.randomUUID());
    var insertions = new ArrayList<Insertion>();
    try (var other = new PostgresDatabase(PostgresServer.settings(URL));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      other.start();
      var others = new PostgresGenerations(other);
      List<Callable<Insertion>> calls = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        Generations instance = i % 2 == 0 ? generations : others;
        Generation generation = dev.atelier.domain.Generations.begun(owner);
        calls.add(() -> instance.insert(generation, Optional.of(KEY), 10));
      }
      for (Future<Insertion> call : threads.invokeAll(calls)) {
        insertions.add(call.get());
      }
    }

    assertThat(insertions).filteredOn(new Insertion.Inserted()::equals).hasSize(1);
    assertThat(insertions).filteredOn(Insertion.KeyTaken.class::isInstance).hasSize(39);
  }

  @Test
  void aPageMayStartAtTheFirstAndLastInstant() {
    Generation begun = begun();
    insert(begun);
    Optional<UserId> owner = Optional.of(begun.owner());
    Instant last =
        Instant.EPOCH.plus(Long.MAX_VALUE, ChronoUnit.MICROS); // the last that a cursor can hold

    assertThat(generations.list(owner, ALL, Optional.of(new Position(last, begun.id())), 1))
        .containsExactly(begun);
    assertThat(
            generations.list(owner, ALL, Optional.of(new Position(Instant.EPOCH, begun.id())), 1))
        .isEmpty();
  }

  @Test
  void diagnosticsAreKeptWhateverTheyContain() {
    var failure = new Failure(Failure.Code.GENERATION_FAILED, "\0" + "x".repeat(499) + "🧀");
    Generation begun = begun();
    insert(begun);

    assertThat(generations.save(moved(begun, failed(failure)))).isEqualTo(Saving.SAVED);
    assertThat(generations.find(begun.id())).isPresent();
  }

  @Test
  void anOutputIsKeptWhateverItsUrlContains() {
    Generation begun = begun();
    insert(begun);
    Generation storing = moved(begun, storing("https://cdn/\0\ud83e"));

    assertThat(generations.save(storing)).isEqualTo(Saving.SAVED);
    assertThat(generations.find(begun.id())).isPresent();
  }

  @Test
  void insertingAGenerationTwiceIsABugThatQuotesNothing() {
    Generation begun = begun();
    insert(begun);

    assertThatThrownBy(() -> generations.insert(begun, Optional.empty(), 10))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the database rejected a statement: SQLSTATE 23505 generations_pkey")
        .satisfies(PostgresGenerationsIT::assertQuotesNothing);
  }

  @Test
  void aRowThatViolatesAConstraintIsABugThatQuotesNothing() {
    DATABASE.run(
        handle ->
            handle.execute(
                "ALTER TABLE generations ADD CONSTRAINT no_such_model CHECK (model <> 'none')"));
    Generation begun = begun();
    Generation none =
        dev.atelier.domain.Generations.create(
            begun.id(),
            begun.owner(),
            dev.atelier.domain.Generations.request(new Model("none", Model.Kind.IMAGE)),
            begun.createdAt());

    assertThatThrownBy(() -> generations.insert(none, Optional.empty(), 10))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no_such_model")
        .satisfies(PostgresGenerationsIT::assertQuotesNothing);
  }

  /** Checks the complete stack trace. */
  private static void assertQuotesNothing(Throwable e) {
    var trace = new StringWriter();
    e.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString())
        .doesNotContain(dev.atelier.domain.Generations.request().prompt().orElseThrow().value())
        .doesNotContain("https://secret");
  }

  @Test
  void theExceptionOfAnUnreadableRowQuotesNothing() {
    Generation begun = begun();
    insert(begun);
    assertThat(generations.save(moved(begun, storing("https://secret")))).isEqualTo(Saving.SAVED);
    DATABASE.run(
        handle ->
            handle
                .createUpdate(
                    """
                    UPDATE generations SET outputs = '[{"status": "https://secret"}]' WHERE id = :id
                    """)
                .bind("id", begun.id().value())
                .execute());

    assertThatThrownBy(() -> generations.find(begun.id()))
        .isInstanceOf(UnreadableGenerationException.class)
        .hasMessageContaining(begun.id().toString())
        .satisfies(PostgresGenerationsIT::assertQuotesNothing);
  }

  @Test
  void anUnknownValueInAnyColumnMakesTheRowUnreadable() {
    DATABASE.run(
        handle ->
            handle.execute(
                """
                ALTER TABLE generations
                  DROP CONSTRAINT generations_model_kind_known,
                  DROP CONSTRAINT generations_state_known,
                  DROP CONSTRAINT generations_prediction_by_state
                """));
    for (String change :
        List.of(
            "model_kind = 'sculpture'",
            "state = 'pending'",
            "options = '[]'",
            "parameters = '7'",
            "input = '[]'",
            "input = '{\"a\": [null]}'",
            "input_files = '[{}]'",
            "options = jsonb_set(options, '{width}', '100000')",
            "outputs = '[{\"status\": \"reserved\"}]'",
            "outputs = '[7]'",
            "outputs = '[{\"status\": \"stored\"}]'",
            "prediction_id = NULL",
            "prediction_id = '../'",
            "model = 'a b'",
            "prompt = ''")) {
      Generation begun = begun();
      insert(begun);
      assertThat(generations.save(moved(begun, storing("https://secret")))).isEqualTo(Saving.SAVED);
      boolean other = change.startsWith("state"); // this state has no outputs
      Unreadable.update(
          DATABASE,
          begun.id(),
          "UPDATE generations SET "
              + change
              + (other ? ", outputs = NULL, outputs_expire_at = NULL" : "")
              + " WHERE id = :id");

      assertThatThrownBy(() -> generations.find(begun.id()))
          .as(change)
          .isInstanceOf(UnreadableGenerationException.class)
          .satisfies(PostgresGenerationsIT::assertQuotesNothing);
      assertThat(generations.list(Optional.of(begun.owner()), ALL, Optional.empty(), 10)).isEmpty();
    }
  }

  @Test
  void anUnreadableOwnerIsEmpty() {
    Generation begun = begun();
    insert(begun);
    Unreadable.update(DATABASE, begun.id(), "UPDATE generations SET owner = '' WHERE id = :id");

    assertThatThrownBy(() -> generations.find(begun.id()))
        .isInstanceOfSatisfying(
            UnreadableGenerationException.class, e -> assertThat(e.owner()).isEmpty());
  }

  @Test
  void aNewerVersionIgnoresTheBackOffOfAnOlderOne() {
    var newer = new PostgresGenerations(DATABASE, GenerationRow.FORMAT + 1);
    Generation begun = begun();
    insert(begun);
    Generation storing = moved(begun, storing("https://secret"));
    assertThat(generations.save(storing)).isEqualTo(Saving.SAVED);
    Instant now = LATER.plusSeconds(20);
    Unreadable.make(DATABASE, begun.id());
    assertThat(claimed(generations, begun, now)).isEmpty();
    Unreadable.undo(DATABASE, begun.id()); // simulates a version that can read it

    assertThat(claimed(generations, begun, now)).isEmpty();
    assertThat(claimed(newer, begun, now)).containsExactly(new Claim(storing, 0));
    assertThat(claimed(newer, begun, now)).as("leased").isEmpty();
  }

  @Test
  void anOlderVersionDoesNotRetrySoonerBecauseANewerOneFailedToo() {
    var newer = new PostgresGenerations(DATABASE, GenerationRow.FORMAT + 1);
    Generation begun = begun();
    insert(begun);
    Instant now = LATER.plusSeconds(20);
    Unreadable.make(DATABASE, begun.id());
    assertThat(claimed(generations, begun, now)).isEmpty();
    assertThat(claimed(newer, begun, now)).isEmpty();
    Unreadable.undo(DATABASE, begun.id());

    assertThat(claimed(generations, begun, now.plusSeconds(9))).isEmpty();
    assertThat(claimed(newer, begun, now.plusSeconds(9))).isEmpty();
    assertThat(claimed(generations, begun, now.plusSeconds(10))).hasSize(1);
  }

  private static List<Claim> claimed(Generations generations, Generation generation, Instant now) {
    return Stream.of(Work.STORE, Work.OBSERVE)
        .flatMap(work -> generations.claim(work, now, LEASE, 10_000).stream())
        .filter(claim -> claim.generation().id().equals(generation.id()))
        .toList();
  }

  @Test
  void unknownFailureCodesAndMediaTypesAreReadAsTheGeneralOnes() {
    DATABASE.run(
        handle ->
            handle.execute(
                "ALTER TABLE generations DROP CONSTRAINT generations_failure_code_known"));
    Generation begun = begun();
    insert(begun);
    Asset asset = dev.atelier.domain.Generations.asset(begun.id(), 0);
    Generation failed =
        moved(
            begun,
            new State.Failed(
                Optional.empty(),
                new Failure(Failure.Code.NO_OUTPUT, "nothing"),
                List.of(asset),
                LATER));
    assertThat(generations.save(failed)).isEqualTo(Saving.SAVED);
    Unreadable.update(
        DATABASE,
        begun.id(),
        """
        UPDATE generations SET
          failure_code = 'eaten_by_a_grue',
          assets = jsonb_set(
            jsonb_set(assets, '{0,type}', '"model/x-new"'), '{0,colour}', '"green"')
        WHERE id = :id
        """);

    assertThat(generations.find(begun.id()).orElseThrow().state())
        .isEqualTo(
            new State.Failed(
                Optional.empty(),
                new Failure(Failure.Code.GENERATION_FAILED, "[eaten_by_a_grue] nothing"),
                List.of(
                    new Asset(
                        asset.key(),
                        MediaType.BINARY,
                        asset.bytes(),
                        asset.sha256(),
                        asset.dimensions())),
                LATER));
  }

  @Test
  void aStatementThatTakesTooLongIsCanceled() {
    var second = Duration.ofSeconds(1);
    try (var hurried = new PostgresDatabase(new PostgresSettings(URL, 1, second, second))) {
      hurried.start();
      DATABASE.run(
          handle ->
              handle.inTransaction(
                  locking -> {
                    locking.execute("LOCK TABLE generations IN ACCESS EXCLUSIVE MODE");
                    return assertThatThrownBy(
                            () ->
                                new PostgresGenerations(hurried)
                                    .insert(begun(), Optional.empty(), 10))
                        .isInstanceOf(UnavailableException.class)
                        .hasStackTraceContaining("canceling statement")
                        .satisfies(PostgresGenerationsIT::assertQuotesNothing);
                  }));

      assertThat(new PostgresGenerations(hurried).insert(begun(), Optional.empty(), 10))
          .isEqualTo(new Insertion.Inserted());
    }
  }

  private static Generation begun() {
    return dev.atelier.domain.Generations.begun(new UserId("user-" + UUID.randomUUID()));
  }

  private void insert(Generation generation) {
    assertThat(generations.insert(generation, Optional.empty(), 10))
        .isEqualTo(new Insertion.Inserted());
  }

  private static Generation moved(Generation begun, State state) {
    return new Generation(
        begun.id(),
        begun.owner(),
        begun.request(),
        begun.createdAt(),
        LATER,
        1,
        false,
        begun.cost(),
        state);
  }

  private static State storing(String url) {
    return new State.Storing(
        new PredictionId(UUID.randomUUID().toString()),
        List.of(new OutputStatus.Awaiting(new Output(url))),
        LATER);
  }

  private static State failed(Failure failure) {
    return new State.Failed(Optional.empty(), failure, List.of(), LATER);
  }
}
