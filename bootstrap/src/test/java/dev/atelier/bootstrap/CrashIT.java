package dev.atelier.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.atelier.application.port.Generations.Work;
import dev.atelier.application.port.Predictions;
import dev.atelier.bootstrap.CrashPoint.Moment;
import dev.atelier.domain.State;
import dev.atelier.persistence.postgres.PostgresServer;
import dev.atelier.persistence.postgres.PostgresUrl;
import dev.atelier.skytells.sandbox.api.SandboxPrediction;
import dev.atelier.skytells.sandbox.fault.SandboxFaults;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The service is killed before and after everything it does to the world, one kill at a time, and
 * started again; then it is audited. A port method that is new, and a state that is new, fail here
 * until it is said at which points they are killed.
 */
@Tag("faults")
class CrashIT {
  private static final Duration SHORT_WORK = Duration.ofMillis(300);

  /** Longer than it takes until somebody looks. */
  private static final Duration LONG_WORK = Duration.ofSeconds(25);

  /** A look, a lease that the killed process has left behind, a look again. */
  private static final Duration ENDED_WITHIN = Duration.ofSeconds(150);

  private static final String ARCHIVE = "atelier.jsa";

  private static final String NEVER_BEGUN = "no row";
  private static final String SUCCEEDED = "succeeded";
  private static final String NOT_SENT = "failed submission_unconfirmed";

  /** The webhook of our calling off may be there before we have written down why. */
  private static final String TIMED_OUT = "failed timed_out or canceled";

  private static final String FAILED = "failed generation_failed";
  private static final String CANCELED = "canceled";

  private static final String GONE = "gone";

  private static final String UNCONFIRMED = "[create:garbage]";
  private static final String UNHEARD_UNSEEN = "[webhook:drop] [get:502-html=1]";

  /** Every point; those with the longest way to the end first. */
  static final List<Scenario> SCENARIOS =
      Stream.of(
              // What cannot end is given up, and called off.
              before("Predictions.cancel").with("[work:stuck]").ends(TIMED_OUT),
              after("Predictions.cancel").with("[work:stuck]").ends(CANCELED),

              // Nothing is heard of it, so somebody looks.
              before("Generations.postpone(Processing)").with("[work:stuck]").ends(TIMED_OUT),
              after("Generations.postpone(Processing)").with("[work:stuck]").ends(TIMED_OUT),
              before("Generations.save(Processing)").working(LONG_WORK).ends(SUCCEEDED),
              after("Generations.save(Processing)").working(LONG_WORK).ends(SUCCEEDED),
              before("Generations.postpone(Queued)").with(UNHEARD_UNSEEN).ends(SUCCEEDED),
              after("Generations.postpone(Queued)").with(UNHEARD_UNSEEN).ends(SUCCEEDED),
              before("PollingLease.tryAcquire").with("[webhook:drop]").ends(SUCCEEDED),
              after("PollingLease.tryAcquire").with("[webhook:drop]").ends(SUCCEEDED),
              before("PollingLease.holdUntil").with("[webhook:drop]").ends(SUCCEEDED),
              after("PollingLease.holdUntil").with("[webhook:drop]").ends(SUCCEEDED),
              before("Generations.claim(OBSERVE)").with("[webhook:drop]").ends(SUCCEEDED),
              after("Generations.claim(OBSERVE)").with("[webhook:drop]").ends(SUCCEEDED),

              // The first download fails.
              before("Generations.postpone(Storing)").with("[file:503=1]").ends(SUCCEEDED),
              after("Generations.postpone(Storing)").with("[file:503=1]").ends(SUCCEEDED),
              before("Generations.claim(STORE)").with("[file:503=1]").ends(SUCCEEDED),
              after("Generations.claim(STORE)").with("[file:503=1]").ends(SUCCEEDED),

              // The storage refuses, and the spool takes the outputs.
              before("BlobSpool.put").storage(Storage.REFUSES).ends(SUCCEEDED),
              after("BlobSpool.put").storage(Storage.REFUSES).ends(SUCCEEDED),
              before("BlobSpool.claim").storage(Storage.REFUSES).ends(SUCCEEDED),
              after("BlobSpool.claim").storage(Storage.REFUSES).ends(SUCCEEDED),
              before("BlobSpool.postpone").storage(Storage.REFUSES).ends(SUCCEEDED),
              after("BlobSpool.postpone").storage(Storage.REFUSES).ends(SUCCEEDED),
              before("BlobSpool.delete").storage(Storage.RECOVERS).ends(SUCCEEDED),
              after("BlobSpool.delete").storage(Storage.RECOVERS).ends(SUCCEEDED),

              // The create reply says nothing.
              before("Generations.postpone(Submitting)").with(UNCONFIRMED).ends(SUCCEEDED),
              after("Generations.postpone(Submitting)").with(UNCONFIRMED).ends(SUCCEEDED),

              // All goes well.
              before("Generations.insert(Submitting)").ends(NEVER_BEGUN),
              after("Generations.insert(Submitting)").ends(NOT_SENT),
              before("Predictions.submit").ends(NOT_SENT),
              after("Predictions.submit").ends(SUCCEEDED),
              before("Generations.save(Queued)").ends(SUCCEEDED),
              after("Generations.save(Queued)").ends(SUCCEEDED),
              before("Generations.save(Storing)").ends(SUCCEEDED),
              after("Generations.save(Storing)").ends(SUCCEEDED),
              before("Outputs.fetch").ends(SUCCEEDED),
              after("Outputs.fetch").ends(SUCCEEDED),
              before("BlobStore.put").ends(SUCCEEDED),
              after("BlobStore.put").ends(SUCCEEDED),
              before("Generations.save(Storing)").nth(2).ends(SUCCEEDED), // one of two is stored
              after("Generations.save(Storing)").nth(2).ends(SUCCEEDED),
              before("BlobStore.put").nth(2).ends(SUCCEEDED),
              after("BlobStore.put").nth(2).ends(SUCCEEDED),
              before("Generations.save(Succeeded)").ends(SUCCEEDED),
              after("Generations.save(Succeeded)").ends(SUCCEEDED),

              // Its owner calls it off.
              before("Generations.save(Canceling)")
                  .with("[work:stuck]")
                  .wish(Wish.CANCEL)
                  .ends(TIMED_OUT),
              after("Generations.save(Canceling)")
                  .with("[work:stuck]")
                  .wish(Wish.CANCEL)
                  .ends(CANCELED),

              // Its owner deletes it.
              before("Generations.claim(REMOVE)")
                  .with("[create:garbage] [work:stuck]")
                  .wish(Wish.DELETE)
                  .ends(GONE),
              after("Generations.claim(REMOVE)")
                  .with("[create:garbage] [work:stuck]")
                  .wish(Wish.DELETE)
                  .ends(GONE),
              before("Generations.save(Succeeded)").nth(2).wish(Wish.DELETE_STORED).ends(SUCCEEDED),
              after("Generations.save(Succeeded)").nth(2).wish(Wish.DELETE_STORED).ends(GONE),
              before("BlobStore.delete").wish(Wish.DELETE_STORED).ends(GONE),
              after("BlobStore.delete").wish(Wish.DELETE_STORED).ends(GONE),
              before("Predictions.delete").wish(Wish.DELETE_STORED).ends(GONE),
              after("Predictions.delete").wish(Wish.DELETE_STORED).ends(GONE),
              before("Generations.remove").wish(Wish.DELETE_STORED).ends(GONE),
              after("Generations.remove").wish(Wish.DELETE_STORED).ends(GONE),

              // It goes wrong at the provider's.
              before("Generations.save(Failed)").with("[work:fail]").ends(FAILED),
              after("Generations.save(Failed)").with("[work:fail]").ends(FAILED),
              before("Generations.save(Canceled)").with("[work:canceled]").ends(CANCELED),
              after("Generations.save(Canceled)").with("[work:canceled]").ends(CANCELED))
          .toList();

  /** Reads, and what touches nothing but this process's own memory. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "BacklogMetrics.count",
          "Generations.acceptedSince",
          "Predictions.limits",
          "BlobSpool.find",
          "BlobSpool.link",
          "BlobSpool.open",
          "BlobStore.find",
          "BlobStore.link",
          "BlobStore.open",
          "ChangeNotifications.listen",
          "ChangeNotifications.changedSince",
          "Dependency.check",
          "Dependency.name",
          "GenerationIds.next",
          "Generations.find",
          "Generations.findByPrediction",
          "Generations.list",
          "ModelCatalog.offers",
          "Predictions.find",
          "Predictions.list",
          "Webhooks.read");

  /** Classes that were loaded and verified once; half of a start is that. */
  @TempDir private static Path archives;

  @TempDir private Path folder;

  /** How the blob store is in the life that is cut off; in the next one it works. */
  enum Storage {
    WORKS,
    REFUSES,
    /** Refuses until all outputs are spooled. */
    RECOVERS
  }

  /** What its owner wants of it once it is accepted. */
  enum Wish {
    NOTHING,
    CANCEL,
    DELETE,
    /** When it has succeeded. */
    DELETE_STORED
  }

  /**
   * One life and death.
   *
   * @param faults tags in the prompt
   * @param end what the row must come to, or {@link #NEVER_BEGUN} or {@link #GONE}
   */
  record Scenario(
      CrashPoint point, String faults, Duration workTime, Storage storage, Wish wish, String end) {
    Scenario with(String tags) {
      return new Scenario(point, tags, workTime, storage, wish, end);
    }

    Scenario working(Duration time) {
      return new Scenario(point, faults, time, storage, wish, end);
    }

    Scenario storage(Storage state) {
      return new Scenario(point, faults, workTime, state, wish, end);
    }

    Scenario nth(int occurrence) {
      var later = new CrashPoint(point.moment(), point.call(), occurrence);
      return new Scenario(later, faults, workTime, storage, wish, end);
    }

    Scenario wish(Wish next) {
      return new Scenario(point, faults, workTime, storage, next, end);
    }

    Scenario ends(String expected) {
      return new Scenario(point, faults, workTime, storage, wish, expected);
    }

    boolean leavesNoRow() {
      return end.equals(NEVER_BEGUN) || end.equals(GONE);
    }

    boolean isSold() {
      return !end.equals(NEVER_BEGUN) && !end.equals(NOT_SENT);
    }

    String method() {
      return point.call().replaceFirst("\\(.*", "");
    }

    @Override
    public String toString() {
      return point + (faults.isEmpty() ? "" : " " + faults) + ": " + end;
    }
  }

  private static Scenario before(String call) {
    return new Scenario(
        new CrashPoint(Moment.BEFORE, call, 1), "", SHORT_WORK, Storage.WORKS, Wish.NOTHING, "");
  }

  private static Scenario after(String call) {
    return new Scenario(
        new CrashPoint(Moment.AFTER, call, 1), "", SHORT_WORK, Storage.WORKS, Wish.NOTHING, "");
  }

  @BeforeAll
  static void archiveClasses() throws Exception {
    try (var studio = new Studio(SHORT_WORK, SandboxFaults.NONE)) {
      try (var atelier =
          AtelierProcess.startCrashing(
              archives,
              studio.variables(
                  url(PostgresServer.shared().newDatabase()), archives.resolve("blobs")),
              Optional.empty(),
              "-XX:+UseSerialGC",
              "-XX:ArchiveClassesAtExit=" + archives.resolve(ARCHIVE))) {
        atelier.post("/api/generate", "{\"prompt\": \"a lighthouse\"}", "Prefer", "wait=30");
        atelier.stop();
      }
    }
    assertThat(archives.resolve(ARCHIVE)).exists();
  }

  @ParameterizedTest
  @FieldSource("SCENARIOS")
  @Execution(ExecutionMode.CONCURRENT) // they mostly wait; other classes wait for all of them
  void whatWasPaidForSurvivesACrash(Scenario scenario) throws Exception {
    PostgresUrl database = PostgresServer.shared().newDatabase();
    try (var studio = new Studio(scenario.workTime(), SandboxFaults.NONE)) {
      Map<String, String> variables = studio.variables(url(database), folder.resolve("blobs"));
      var audit = new Audit("jdbc:postgresql://" + database.address() + "?user=postgres");
      crash(scenario, variables, audit);

      try (var atelier = start(variables, Optional.empty())) {
        List<Audit.Row> rows =
            scenario.end().equals(GONE)
                ? audit.awaitRemoval(ENDED_WITHIN)
                : audit.awaitEnds(ENDED_WITHIN);

        List<SandboxPrediction> sold = studio.sandbox().predictions();
        assertThat(sold).hasSize(scenario.isSold() ? 1 : 0);
        if (scenario.end().equals(GONE)) {
          assertThat(assets()).isEmpty();
        } else {
          assertThat(Audit.withoutRow(sold, rows)).isEmpty();
        }
        assertThat(rows)
            .extracting(Audit.Row::end)
            .hasSize(scenario.leavesNoRow() ? 0 : 1)
            .allMatch(List.of(scenario.end().split(" or "))::contains);
        assertThat(rows)
            .allMatch(row -> !row.state().equals("succeeded") || row.sha256().size() == 2);
        assertThat(Audit.notServed(rows, atelier)).isEmpty();
      }
    } finally {
      PostgresServer.shared().drop(database);
    }
  }

  private List<Path> assets() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("blobs").resolve("generations"))) {
      return files.filter(Files::isRegularFile).toList();
    } catch (NoSuchFileException e) {
      return List.of(); // none has ever been stored
    }
  }

  /** Many are started, to live for seconds. */
  private AtelierProcess start(Map<String, String> variables, Optional<CrashPoint> crash)
      throws Exception {
    return AtelierProcess.startCrashing(
        folder,
        variables,
        crash,
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-XX:SharedArchiveFile=" + archives.resolve(ARCHIVE));
  }

  /** Returns when the process has killed itself at the point, and nowhere else. */
  private void crash(Scenario scenario, Map<String, String> variables, Audit audit)
      throws Exception {
    Path incoming = folder.resolve("blobs").resolve("incoming");
    Path away = incoming.resolveSibling("away");
    try (var atelier = start(variables, Optional.of(scenario.point()))) {
      if (scenario.storage() != Storage.WORKS) {
        Files.move(incoming, away);
      }
      String body =
          """
          {"prompt": "a lighthouse %s", "numOutputs": 2, "width": 256, "height": 256}
          """
              .formatted(scenario.faults());
      try {
        HttpResponse<String> answer = atelier.post("/api/generate", body);
        assertThat(answer.statusCode()).isEqualTo(202);
        String id = new ObjectMapper().readTree(answer.body()).required("id").asText();
        act(scenario.wish(), "/api/predictions/" + id, atelier, audit);
      } catch (IOException e) {
        // It was killed before it could answer; the client does not know what became of it.
      }
      if (scenario.storage() == Storage.RECOVERS) {
        audit.awaitEnds(ENDED_WITHIN);
        Files.move(away, incoming);
      }
      assertThat(atelier.exitStatus()).as(atelier::log).isEqualTo(Crash.EXIT_STATUS);
    }
  }

  private static void act(Wish wish, String path, AtelierProcess atelier, Audit audit)
      throws Exception {
    switch (wish) {
      case NOTHING -> {}
      case CANCEL -> atelier.post(path + "/cancel", "");
      case DELETE -> atelier.delete(path);
      case DELETE_STORED -> {
        audit.awaitEnds(ENDED_WITHIN);
        atelier.delete(path);
      }
    }
  }

  private static String url(PostgresUrl database) {
    return "postgresql://postgres:postgres@" + database.address();
  }

  @Test
  void everyMethodOfEveryPortIsHarmlessOrHasAPointOnBothSides() {
    var methods = new ArrayList<String>();
    for (JavaClass port : application()) {
      if (port.getPackageName().equals(Predictions.class.getPackageName())
          && port.isInterface()
          && port.isTopLevelClass()) {
        port.getAllMethods().stream()
            .filter(method -> !method.getOwner().isEquivalentTo(Object.class))
            .forEach(method -> methods.add(port.getSimpleName() + "." + method.getName()));
      }
    }

    assertThat(methods)
        .contains("Generations.insert")
        .allSatisfy(
            method ->
                assertThat(moments(scenario -> scenario.method().equals(method)))
                    .as(method)
                    .isEqualTo(
                        WITHOUT_EFFECT.contains(method) ? Set.of() : Set.of(Moment.values())));
    assertThat(methods).containsAll(WITHOUT_EFFECT);
  }

  @Test
  void everyStateIsKilledOnBothSidesOfItsSave() {
    assertThat(State.class.getPermittedSubclasses())
        .filteredOn(state -> state != State.Submitting.class) // it is inserted
        .isNotEmpty()
        .allSatisfy(state -> assertCalled("Generations.save(" + state.getSimpleName() + ")"));
    assertThat(Work.values())
        .allSatisfy(work -> assertCalled("Generations.claim(" + work.name() + ")"));
  }

  private static void assertCalled(String call) {
    assertThat(moments(scenario -> scenario.point().call().equals(call)))
        .as(call)
        .containsOnly(Moment.values());
  }

  private static Set<Moment> moments(Predicate<Scenario> which) {
    return SCENARIOS.stream()
        .filter(which)
        .map(scenario -> scenario.point().moment())
        .collect(Collectors.toSet());
  }

  private static JavaClasses application() {
    return new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .withImportOption(location -> !location.contains("-tests.jar"))
        .importPackages("dev.atelier.application");
  }
}
