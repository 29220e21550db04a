package dev.atelier.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.bootstrap.Clients.Instance;
import dev.atelier.skytells.sandbox.api.SandboxPrediction;
import dev.atelier.skytells.sandbox.fault.SandboxFault;
import dev.atelier.skytells.sandbox.fault.SandboxFaults;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Combines provider faults, killed instances, database crashes and blob store outages under load,
 * and audits that no paid output is lost. Prints one line of figures per run. {@code ./mvnw -Pchaos
 * verify} runs the long form.
 */
@Tag("faults")
@Isolated
class ChaosIT {
  private static final Duration WORK = Duration.ofSeconds(1);

  /** Faults that leave no usable output, so a generation that fails or is canceled is correct. */
  private static final Set<SandboxFault> WITHOUT_OUTPUT =
      EnumSet.of(
          SandboxFault.WORK_FAIL,
          SandboxFault.WORK_FAIL_ID,
          SandboxFault.WORK_FAIL_RESPONSE,
          SandboxFault.WORK_FAIL_LONG,
          SandboxFault.WORK_CANCELED,
          SandboxFault.WORK_CANCELLED,
          SandboxFault.WORK_STUCK,
          SandboxFault.OUTPUT_NONE,
          SandboxFault.OUTPUT_UNREADABLE,
          SandboxFault.FILE_404,
          SandboxFault.FILE_HTML,
          SandboxFault.FILE_ENDLESS,
          SandboxFault.FILE_TRUNCATED,
          SandboxFault.FILE_DRIP,
          SandboxFault.FILE_REDIRECT,
          SandboxFault.FILE_GZIP_BOMB,
          SandboxFault.FILE_GZIP_TRUNCATED);

  /** Nothing links prediction and row if the service is killed before the create response. */
  private static final Set<SandboxFault> UNLINKABLE = EnumSet.of(SandboxFault.WEBHOOK_IGNORED);

  /** Unlinkable faults, and those whose downloads are retried for up to five minutes. */
  private static final Set<SandboxFault> SLOW =
      EnumSet.of(
          SandboxFault.WEBHOOK_IGNORED,
          SandboxFault.OUTPUT_UNREADABLE,
          SandboxFault.OUTPUT_UNREADABLE_FIRST,
          SandboxFault.FILE_404,
          SandboxFault.FILE_HTML,
          SandboxFault.FILE_TRUNCATED,
          SandboxFault.FILE_DRIP,
          SandboxFault.FILE_REDIRECT,
          SandboxFault.FILE_GZIP_TRUNCATED,
          SandboxFault.TYPE_TEXT);

  /**
   * The size of a run.
   *
   * @param withoutWebhooks number of generations of the run without webhooks
   * @param excluded faults that take too long
   * @param rounds see {@link Chaos#round}
   * @param storageOutage per round
   * @param shortTimeouts see {@link CrashingAtelier}
   * @param endTimeout for the last generation
   */
  private record Size(
      int generations,
      int withoutWebhooks,
      Set<SandboxFault> excluded,
      int rounds,
      Duration storageOutage,
      boolean shortTimeouts,
      Duration endTimeout) {
    static Size configured() {
      return Boolean.getBoolean("atelier.chaos.long")
          ? new Size(
              1000, 1000, UNLINKABLE, 3, Duration.ofSeconds(60), false, Duration.ofMinutes(25))
          : new Size(150, 60, SLOW, 1, Duration.ofSeconds(5), true, Duration.ofMinutes(3));
    }
  }

  @TempDir private Path folder;

  @Test
  void noPaidOutputIsLost() throws Exception {
    Size size = Size.configured();
    List<Optional<SandboxFault>> faults = faults(size);
    Path blobs = folder.resolve("blobs");
    try (var postgres = new CrashingPostgres(folder.resolve("postgres"));
        var sandbox = new TestSandbox(WORK, SandboxFaults.NONE);
        var left = new Instance(starter(size, sandbox.variables(postgres.url(), blobs)));
        var right = new Instance(starter(size, sandbox.variables(postgres.url(), blobs)))) {
      var clients = new Clients(List.of(left, right), n -> tag(faults.get(n)));
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var chaos = new Chaos(clients, left, right, postgres, blobs);
        int perRound = size.generations() / size.rounds();
        Future<?> faultsDone =
            threads.submit(
                () -> {
                  for (int round = 0; round < size.rounds(); round++) {
                    chaos.round(round * perRound, (round + 1) * perRound, size.storageOutage());
                  }
                  return null;
                });
        clients.run(size.generations());
        faultsDone.get();
      }

      var audit = new Audit(postgres.jdbcUrl());
      List<Audit.Row> rows = audit.awaitEnds(size.endTimeout());
      List<SandboxPrediction> predictions = sandbox.predictions();
      List<Audit.Row> lost = lost(predictions, rows, faults);
      print(
          "chaos (%d generations)".formatted(size.generations()),
          clients.accepted().size(),
          rows,
          predictions,
          lost.size());

      assertThat(Audit.submittedTwice(predictions)).isEmpty();
      assertThat(Audit.withoutRow(predictions, rows)).as("%s", rows).isEmpty();
      assertThat(rows).extracting(row -> row.id().toString()).containsAll(clients.accepted());
      assertThat(lost).isEmpty();
      assertThat(Audit.notServed(rows, left.process())).isEmpty();
    }
  }

  /** Every third generation has no fault; the others cover all that are not excluded. Shuffled. */
  private static List<Optional<SandboxFault>> faults(Size size) {
    List<SandboxFault> all =
        Stream.of(SandboxFault.values()).filter(fault -> !size.excluded().contains(fault)).toList();
    List<Optional<SandboxFault>> faults = new ArrayList<>();
    for (int n = 0; n < size.generations(); n++) {
      faults.add(n % 3 == 0 ? Optional.empty() : Optional.of(all.get((n - n / 3) % all.size())));
    }
    assertThat(faults).containsAll(all.stream().map(Optional::of).toList());
    Collections.shuffle(faults, new Random(1));
    return faults;
  }

  private static String tag(Optional<SandboxFault> fault) {
    return fault.map(value -> "[" + value.tag() + "]").orElse("");
  }

  private Instance.Starter starter(Size size, Map<String, String> variables) {
    return () ->
        size.shortTimeouts()
            ? AtelierProcess.startCrashing(folder, variables, Optional.empty())
            : AtelierProcess.start(folder, variables);
  }

  /** Rows whose prediction has outputs that were not stored. */
  private static List<Audit.Row> lost(
      List<SandboxPrediction> predictions,
      List<Audit.Row> rows,
      List<Optional<SandboxFault>> faults) {
    Set<String> ids = predictions.stream().map(SandboxPrediction::id).collect(Collectors.toSet());
    Set<String> withoutOutput =
        IntStream.range(0, faults.size())
            .filter(n -> faults.get(n).filter(WITHOUT_OUTPUT::contains).isPresent())
            .mapToObj(Clients::owner)
            .collect(Collectors.toSet());
    return rows.stream()
        .filter(row -> row.predictionId().filter(ids::contains).isPresent())
        .filter(row -> !row.state().equals("succeeded"))
        .filter(row -> !withoutOutput.contains(row.owner()))
        .toList();
  }

  @Test
  void withoutWebhooksEveryOutputIsStoredInTime() throws Exception {
    int generations = Size.configured().withoutWebhooks();
    try (var postgres = new CrashingPostgres(folder.resolve("postgres"));
        var sandbox = new TestSandbox(WORK, SandboxFaults.of(SandboxFault.WEBHOOK_DROP))) {
      Map<String, String> variables = sandbox.variables(postgres.url(), folder.resolve("blobs"));
      try (var instance = new Instance(() -> AtelierProcess.start(folder, variables))) {
        var clients = new Clients(List.of(instance), _ -> "");
        clients.run(generations);

        List<Audit.Row> rows =
            new Audit(postgres.jdbcUrl()).awaitEnds(Size.configured().endTimeout());
        List<SandboxPrediction> predictions = sandbox.predictions();
        print("all webhooks dropped", clients.accepted().size(), rows, predictions, 0);

        assertThat(predictions).hasSize(generations);
        assertThat(rows).extracting(Audit.Row::end).hasSize(generations).containsOnly("succeeded");
        assertThat(Audit.notServed(rows, instance.process())).isEmpty();
      }
    }
  }

  @SuppressWarnings("SystemOut") // prints the figures
  private static void print(
      String run,
      int accepted,
      List<Audit.Row> rows,
      List<SandboxPrediction> predictions,
      int lost) {
    List<Duration> storeTimes =
        Audit.storeTimes(
            predictions, rows.stream().filter(row -> row.state().equals("succeeded")).toList());
    System.out.printf(
        "%s: accepted %d, rows %d, charged %d, stored %d, failed or canceled %d, lost %d, charged twice %d,"
            + " completion to stored p50 %d ms, p99 %d ms%n",
        run,
        accepted,
        rows.size(),
        predictions.size(),
        storeTimes.size(),
        rows.size() - storeTimes.size() - lost,
        lost + Audit.withoutRow(predictions, rows).size(),
        Audit.submittedTwice(predictions).size(),
        Audit.percentile(storeTimes, 50).toMillis(),
        Audit.percentile(storeTimes, 99).toMillis());
  }
}
