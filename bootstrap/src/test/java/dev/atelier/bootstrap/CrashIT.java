package dev.atelier.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.atelier.application.port.Generations.Work;
import dev.atelier.application.port.Predictions;
import dev.atelier.bootstrap.CrashPoint.Moment;
import dev.atelier.domain.State;
import dev.atelier.skytells.sandbox.api.SandboxPrediction;
import dev.atelier.skytells.sandbox.fault.SandboxFaults;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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
 * Kills the service before and after every port call with an effect, one per scenario, restarts it
 * and audits the result. New port methods and new states fail here until they have scenarios.
 */
@Tag("faults")
class CrashIT {
  private static final Duration SHORT_WORK = Duration.ofMillis(300);

  /** Longer than the first poll interval. */
  private static final Duration LONG_WORK = Duration.ofSeconds(25);

  /** A poll, the rest of the lease of the killed process, another poll. */
  private static final Duration END_TIMEOUT = Duration.ofSeconds(150);

  private static final String ARCHIVE = "atelier.jsa";

  private static final String NOT_INSERTED = "no row";
  private static final String SUCCEEDED = "succeeded";
  private static final String NOT_SUBMITTED = "failed submission_unconfirmed";

  /** The webhook of our cancel may arrive before the failure is persisted. */
  private static final String TIMED_OUT = "failed timed_out or canceled";

  private static final String FAILED = "failed generation_failed";
  private static final String CANCELED = "canceled";

  private static final String REMOVED = "removed";

  private static final String UNREADABLE_RESPONSE = "[create:garbage]";
  private static final String NO_WEBHOOK_AND_FAILED_POLL = "[webhook:drop] [get:502-html=1]";

  /** The scenarios that take longest come first. */
  static final List<Scenario> SCENARIOS =
      Stream.of(
              // The prediction does not end: timeout and cancel.
              before("Predictions.cancel").with("[work:stuck]").ends(TIMED_OUT),
              after("Predictions.cancel").with("[work:stuck]").ends(CANCELED),

              // No webhook arrives: poll.
              before("Generations.postpone(Processing)").with("[work:stuck]").ends(TIMED_OUT),
              after("Generations.postpone(Processing)").with("[work:stuck]").ends(TIMED_OUT),
              before("Generations.save(Processing)").working(LONG_WORK).ends(SUCCEEDED),
              after("Generations.save(Processing)").working(LONG_WORK).ends(SUCCEEDED),
              before("Generations.postpone(Queued)")
                  .with(NO_WEBHOOK_AND_FAILED_POLL)
                  .ends(SUCCEEDED),
              after("Generations.postpone(Queued)")
                  .with(NO_WEBHOOK_AND_FAILED_POLL)
                  .ends(SUCCEEDED),
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

              // The blob store fails: spool.
              before("BlobSpool.put").storage(Storage.FAILS).ends(SUCCEEDED),
              after("BlobSpool.put").storage(Storage.FAILS).ends(SUCCEEDED),
              before("BlobSpool.claim").storage(Storage.FAILS).ends(SUCCEEDED),
              after("BlobSpool.claim").storage(Storage.FAILS).ends(SUCCEEDED),
              before("BlobSpool.postpone").storage(Storage.FAILS).ends(SUCCEEDED),
              after("BlobSpool.postpone").storage(Storage.FAILS).ends(SUCCEEDED),
              before("BlobSpool.delete").storage(Storage.RECOVERS).ends(SUCCEEDED),
              after("BlobSpool.delete").storage(Storage.RECOVERS).ends(SUCCEEDED),

              // The create response is unreadable.
              before("Generations.postpone(Submitting)").with(UNREADABLE_RESPONSE).ends(SUCCEEDED),
              after("Generations.postpone(Submitting)").with(UNREADABLE_RESPONSE).ends(SUCCEEDED),

              // Nothing else fails.
              before("Generations.insert(Submitting)").ends(NOT_INSERTED),
              after("Generations.insert(Submitting)").ends(NOT_SUBMITTED),
              before("Predictions.submit").ends(NOT_SUBMITTED),
              after("Predictions.submit").ends(SUCCEEDED),
              before("Generations.save(Queued)").ends(SUCCEEDED),
              after("Generations.save(Queued)").ends(SUCCEEDED),
              before("Generations.save(Storing)").ends(SUCCEEDED),
              after("Generations.save(Storing)").ends(SUCCEEDED),
              before("Outputs.fetch").ends(SUCCEEDED),
              after("Outputs.fetch").ends(SUCCEEDED),
              before("BlobStore.put").ends(SUCCEEDED),
              after("BlobStore.put").ends(SUCCEEDED),
              before("Generations.save(Storing)")
                  .nth(2)
                  .ends(SUCCEEDED), // one of two outputs is stored
              after("Generations.save(Storing)").nth(2).ends(SUCCEEDED),
              before("BlobStore.put").nth(2).ends(SUCCEEDED),
              after("BlobStore.put").nth(2).ends(SUCCEEDED),
              before("Generations.save(Succeeded)").ends(SUCCEEDED),
              after("Generations.save(Succeeded)").ends(SUCCEEDED),

              // The owner cancels it.
              before("Generations.save(Canceling)")
                  .with("[work:stuck]")
                  .action(OwnerAction.CANCEL)
                  .ends(TIMED_OUT),
              after("Generations.save(Canceling)")
                  .with("[work:stuck]")
                  .action(OwnerAction.CANCEL)
                  .ends(CANCELED),

              // The owner deletes it.
              before("Generations.claim(REMOVE)")
                  .with("[create:garbage] [work:stuck]")
                  .action(OwnerAction.DELETE)
                  .ends(REMOVED),
              after("Generations.claim(REMOVE)")
                  .with("[create:garbage] [work:stuck]")
                  .action(OwnerAction.DELETE)
                  .ends(REMOVED),
              before("Generations.save(Succeeded)")
                  .nth(2)
                  .action(OwnerAction.DELETE_STORED)
                  .ends(SUCCEEDED),
              after("Generations.save(Succeeded)")
                  .nth(2)
                  .action(OwnerAction.DELETE_STORED)
                  .ends(REMOVED),
              before("BlobStore.delete").action(OwnerAction.DELETE_STORED).ends(REMOVED),
              after("BlobStore.delete").action(OwnerAction.DELETE_STORED).ends(REMOVED),
              before("Predictions.delete").action(OwnerAction.DELETE_STORED).ends(REMOVED),
              after("Predictions.delete").action(OwnerAction.DELETE_STORED).ends(REMOVED),
              before("Generations.remove").action(OwnerAction.DELETE_STORED).ends(REMOVED),
              after("Generations.remove").action(OwnerAction.DELETE_STORED).ends(REMOVED),

              // The prediction fails or is canceled.
              before("Generations.save(Failed)").with("[work:fail]").ends(FAILED),
              after("Generations.save(Failed)").with("[work:fail]").ends(FAILED),
              before("Generations.save(Canceled)").with("[work:canceled]").ends(CANCELED),
              after("Generations.save(Canceled)").with("[work:canceled]").ends(CANCELED))
          .toList();

  /** Crashes while an upload is stored, used by a generation, deleted and removed. */
  static final List<CrashPoint> UPLOADS =
      Stream.of(
              "Uploads.claimToRemove",
              "Uploads.remove",
              "Uploads.delete",
              "Uploads.keep",
              "Uploads.add",
              "Uploads.complete")
          .flatMap(
              call -> Stream.of(Moment.values()).map(moment -> new CrashPoint(moment, call, 1)))
          .toList();

  /**
   * Reads, calls that change only the memory of the process, and a cache that the next start fills.
   */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "BacklogMetrics.count",
          "FileLinks.isReachable",
          "FileLinks.parse",
          "FileLinks.signedUrl",
          "FileLinks.url",
          "InputBuilder.build",
          "PublishedModels.all",
          "PublishedModels.save",
          "Uploads.find",
          "UsageReports.usage",
          "ModelCatalog.find",
          "Generations.findByKey",
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

  /** A class data archive, which halves the startup time. */
  @TempDir private static Path archives;

  @TempDir private Path folder;

  /** The state of the blob store until the crash; it works after the restart. */
  enum Storage {
    WORKS,
    FAILS,
    /** Fails until all outputs are spooled. */
    RECOVERS
  }

  /** What the owner does after the generation is accepted. */
  enum OwnerAction {
    NOTHING,
    CANCEL,
    DELETE,
    /** After it has succeeded. */
    DELETE_STORED
  }

  /**
   * One crash.
   *
   * @param faults tags in the prompt
   * @param end expected end of the row, or {@link #NOT_INSERTED} or {@link #REMOVED}
   */
  record Scenario(
      CrashPoint point,
      String faults,
      Duration workTime,
      Storage storage,
      OwnerAction action,
      String end) {
    Scenario with(String tags) {
      return new Scenario(point, tags, workTime, storage, action, end);
    }

    Scenario working(Duration time) {
      return new Scenario(point, faults, time, storage, action, end);
    }

    Scenario storage(Storage state) {
      return new Scenario(point, faults, workTime, state, action, end);
    }

    Scenario nth(int occurrence) {
      var later = new CrashPoint(point.moment(), point.call(), occurrence);
      return new Scenario(later, faults, workTime, storage, action, end);
    }

    Scenario action(OwnerAction next) {
      return new Scenario(point, faults, workTime, storage, next, end);
    }

    Scenario ends(String expected) {
      return new Scenario(point, faults, workTime, storage, action, expected);
    }

    boolean leavesNoRow() {
      return end.equals(NOT_INSERTED) || end.equals(REMOVED);
    }

    boolean isSubmitted() {
      return !end.equals(NOT_INSERTED) && !end.equals(NOT_SUBMITTED);
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
    return scenario(new CrashPoint(Moment.BEFORE, call, 1));
  }

  private static Scenario after(String call) {
    return scenario(new CrashPoint(Moment.AFTER, call, 1));
  }

  private static Scenario scenario(CrashPoint point) {
    return new Scenario(point, "", SHORT_WORK, Storage.WORKS, OwnerAction.NOTHING, "");
  }

  @BeforeAll
  static void archiveClasses() throws Exception {
    try (var sandbox = new TestSandbox(SHORT_WORK, SandboxFaults.NONE)) {
      try (var atelier =
          AtelierProcess.startCrashing(
              archives,
              sandbox.variables(new TestDatabase().url(), archives.resolve("blobs")),
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
  @Execution(ExecutionMode.CONCURRENT) // they mostly wait
  void paidOutputsSurviveACrash(Scenario scenario) throws Exception {
    try (var database = new TestDatabase();
        var sandbox = new TestSandbox(scenario.workTime(), SandboxFaults.NONE)) {
      Map<String, String> variables = sandbox.variables(database.url(), folder.resolve("blobs"));
      var audit = new Audit(database.jdbcUrl());
      crash(scenario, variables, audit);

      try (var atelier = start(variables, Optional.empty())) {
        List<Audit.Row> rows =
            scenario.end().equals(REMOVED)
                ? audit.awaitRemoval(END_TIMEOUT)
                : audit.awaitEnds(END_TIMEOUT);

        List<SandboxPrediction> predictions = sandbox.predictions();
        assertThat(predictions).hasSize(scenario.isSubmitted() ? 1 : 0);
        if (scenario.end().equals(REMOVED)) {
          assertThat(assets()).isEmpty();
        } else {
          assertThat(Audit.withoutRow(predictions, rows)).isEmpty();
        }
        assertThat(rows)
            .extracting(Audit.Row::end)
            .hasSize(scenario.leavesNoRow() ? 0 : 1)
            .allMatch(List.of(scenario.end().split(" or "))::contains);
        assertThat(rows)
            .allMatch(row -> !row.state().equals("succeeded") || row.sha256().size() == 2);
        assertThat(Audit.notServed(rows, atelier)).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @FieldSource("UPLOADS")
  @Execution(ExecutionMode.CONCURRENT)
  void noBlobOfAnUploadIsLeftOverByACrash(CrashPoint point) throws Exception {
    try (var database = new TestDatabase();
        var sandbox = new TestSandbox(SHORT_WORK, SandboxFaults.NONE)) {
      var variables = new HashMap<>(sandbox.variables(database.url(), folder.resolve("blobs")));
      variables.put("APP_URL", "https://studio.example"); // an input needs a public URL
      variables.put("ALLOWED_MODELS", "*");
      try (var atelier = start(variables, Optional.of(point))) {
        try {
          uploadUseAndDelete(atelier);
        } catch (IOException e) {
          // The process halted before it could respond.
        }
        assertThat(atelier.exitStatus()).as(atelier::log).isEqualTo(CrashInjector.EXIT_STATUS);
      }

      var audit = new Audit(database.jdbcUrl());
      assertThat(audit.uploadKeys()).containsAll(uploaded());
      try (var atelier = start(variables, Optional.empty())) {
        uploadUseAndDelete(atelier);
        assertThat(audit.uploadKeys()).containsAll(uploaded());
      }
    }
  }

  private static void uploadUseAndDelete(AtelierProcess atelier) throws Exception {
    HttpResponse<String> response =
        atelier.upload("GIF89a, more or less".getBytes(StandardCharsets.US_ASCII));
    assertThat(response.statusCode()).isEqualTo(201);
    JsonNode upload = new ObjectMapper().readTree(response.body());
    String body =
        """
        {"model": "flux-2-flex", "prompt": "a sketch", "input": {"input_images": ["%s"]}}
        """
            .formatted(upload.required("url").asText());
    HttpResponse<String> accepted = atelier.post("/api/generate", body);
    assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
    String path = "/api/uploads/" + upload.required("id").asText();
    assertThat(atelier.delete(path).statusCode()).isEqualTo(204);
  }

  private List<String> uploaded() throws IOException {
    Path blobs = folder.resolve("blobs");
    return files("uploads").stream().map(file -> blobs.relativize(file).toString()).toList();
  }

  private List<Path> assets() throws IOException {
    return files("generations");
  }

  private List<Path> files(String prefix) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("blobs").resolve(prefix))) {
      return files.filter(Files::isRegularFile).toList();
    } catch (NoSuchFileException e) {
      return List.of(); // nothing was stored
    }
  }

  /** Starts the service with options for a fast start. */
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

  /** Runs the scenario until the process halts at its crash point. */
  private void crash(Scenario scenario, Map<String, String> variables, Audit audit)
      throws Exception {
    Path incoming = folder.resolve("blobs").resolve("incoming");
    Path moved = incoming.resolveSibling("moved");
    try (var atelier = start(variables, Optional.of(scenario.point()))) {
      if (scenario.storage() != Storage.WORKS) {
        Files.move(incoming, moved);
      }
      String body =
          """
          {"prompt": "a lighthouse %s", "numOutputs": 2, "width": 256, "height": 256}
          """
              .formatted(scenario.faults());
      try {
        HttpResponse<String> response = atelier.post("/api/generate", body);
        assertThat(response.statusCode()).isEqualTo(202);
        String id = new ObjectMapper().readTree(response.body()).required("id").asText();
        act(scenario.action(), "/api/predictions/" + id, atelier, audit);
      } catch (IOException e) {
        // The process halted before it could respond.
      }
      if (scenario.storage() == Storage.RECOVERS) {
        audit.awaitEnds(END_TIMEOUT);
        Files.move(moved, incoming);
      }
      assertThat(atelier.exitStatus()).as(atelier::log).isEqualTo(CrashInjector.EXIT_STATUS);
    }
  }

  private static void act(OwnerAction action, String path, AtelierProcess atelier, Audit audit)
      throws Exception {
    switch (action) {
      case NOTHING -> {}
      case CANCEL -> atelier.post(path + "/cancel", "");
      case DELETE -> atelier.delete(path);
      case DELETE_STORED -> {
        audit.awaitEnds(END_TIMEOUT);
        atelier.delete(path);
      }
    }
  }

  @Test
  void everyPortMethodWithAnEffectHasCrashPointsBeforeAndAfter() {
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
  void everyStateHasCrashPointsBeforeAndAfterItsSave() {
    assertThat(State.class.getPermittedSubclasses())
        .filteredOn(state -> state != State.Submitting.class) // it is inserted, not saved
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
    return Stream.concat(SCENARIOS.stream(), UPLOADS.stream().map(CrashIT::scenario))
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
