package dev.atelier.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.bootstrap.Clients.Instance;
import dev.atelier.skytells.sandbox.api.SandboxPrediction;
import dev.atelier.skytells.sandbox.fault.SandboxFault;
import dev.atelier.skytells.sandbox.fault.SandboxFaults;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Everything goes wrong at once, and nothing that was paid for is lost. Prints one line of figures
 * for each run. The long form is {@code ./mvnw -Pchaos verify}.
 */
@Tag("faults")
@Isolated
class ChaosIT {
  private static final Duration WORK = Duration.ofSeconds(1);

  /** No picture can come of these, so an end that says so is the right one. */
  private static final Set<SandboxFault> HOPELESS =
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

  /** Nothing connects the prediction and its row, if we are killed before the create reply. */
  private static final Set<SandboxFault> UNKNOWABLE = EnumSet.of(SandboxFault.WEBHOOK_IGNORED);

  /** These, and those whose output is tried again for long: for 20 seconds or for five minutes. */
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
   * How much of it.
   *
   * @param unheard generations of the run without any webhook
   * @param leftOut faults whose end takes too long
   * @param rounds of killing, restarting and refusing
   * @param refusing how long the blob store refuses in each round
   * @param impatient whether the service gives up within a minute, not within a quarter of an hour
   * @param endedWithin how long the last generation may take
   */
  private record Form(
      int generations,
      int unheard,
      Set<SandboxFault> leftOut,
      int rounds,
      Duration refusing,
      boolean impatient,
      Duration endedWithin) {
    static Form chosen() {
      return Boolean.getBoolean("atelier.chaos.long")
          ? new Form(
              1000, 1000, UNKNOWABLE, 3, Duration.ofSeconds(60), false, Duration.ofMinutes(25))
          : new Form(150, 60, SLOW, 1, Duration.ofSeconds(5), true, Duration.ofMinutes(3));
    }
  }

  @TempDir private Path folder;

  @Test
  void nothingThatWasPaidForIsLost() throws Exception {
    Form form = Form.chosen();
    List<Optional<SandboxFault>> faults = faults(form);
    Path blobs = folder.resolve("blobs");
    try (var postgres = new CrashingPostgres(folder.resolve("postgres"));
        var studio = new Studio(WORK, SandboxFaults.NONE);
        var left = new Instance(starter(form, studio.variables(postgres.url(), blobs)));
        var right = new Instance(starter(form, studio.variables(postgres.url(), blobs)))) {
      var clients = new Clients(List.of(left, right), n -> tag(faults.get(n)));
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var chaos = new Chaos(clients, left, right, postgres, blobs);
        int perRound = form.generations() / form.rounds();
        Future<?> havoc =
            threads.submit(
                () -> {
                  for (int round = 0; round < form.rounds(); round++) {
                    chaos.round(round * perRound, (round + 1) * perRound, form.refusing());
                  }
                  return null;
                });
        clients.run(form.generations());
        havoc.get();
      }

      var audit = new Audit(postgres.jdbcUrl());
      List<Audit.Row> rows = audit.awaitEnds(form.endedWithin());
      List<SandboxPrediction> sold = studio.sandbox().predictions();
      List<Audit.Row> lost = lost(sold, rows, faults);
      print(
          "chaos (%d generations)".formatted(form.generations()),
          clients.accepted().size(),
          rows,
          sold,
          lost.size());

      assertThat(Audit.soldTwice(sold)).isEmpty();
      assertThat(Audit.withoutRow(sold, rows)).isEmpty();
      assertThat(rows).extracting(row -> row.id().toString()).containsAll(clients.accepted());
      assertThat(lost).isEmpty();
      assertThat(Audit.notServed(rows, left.process())).isEmpty();
    }
  }

  /** Every fault that is not left out, and every third time none, in an order of no meaning. */
  private static List<Optional<SandboxFault>> faults(Form form) {
    List<SandboxFault> all =
        Stream.of(SandboxFault.values()).filter(fault -> !form.leftOut().contains(fault)).toList();
    List<Optional<SandboxFault>> faults = new ArrayList<>();
    for (int n = 0; n < form.generations(); n++) {
      faults.add(n % 3 == 0 ? Optional.empty() : Optional.of(all.get((n - n / 3) % all.size())));
    }
    assertThat(faults).containsAll(all.stream().map(Optional::of).toList());
    Collections.shuffle(faults, new Random(1));
    return faults;
  }

  private static String tag(Optional<SandboxFault> fault) {
    return fault.map(chosen -> "[" + chosen.tag() + "]").orElse("");
  }

  private Instance.Starter starter(Form form, Map<String, String> variables) {
    return () ->
        form.impatient()
            ? AtelierProcess.startCrashing(folder, variables, Optional.empty())
            : AtelierProcess.start(folder, variables);
  }

  /** Rows of predictions that were sold and could be stored, and are not. */
  private static List<Audit.Row> lost(
      List<SandboxPrediction> sold, List<Audit.Row> rows, List<Optional<SandboxFault>> faults) {
    Set<String> ids = sold.stream().map(SandboxPrediction::id).collect(Collectors.toSet());
    Set<String> hopeless =
        IntStream.range(0, faults.size())
            .filter(n -> faults.get(n).filter(HOPELESS::contains).isPresent())
            .mapToObj(Clients::owner)
            .collect(Collectors.toSet());
    return rows.stream()
        .filter(row -> row.predictionId().filter(ids::contains).isPresent())
        .filter(row -> !row.state().equals("succeeded"))
        .filter(row -> !hopeless.contains(row.owner()))
        .toList();
  }

  @Test
  void withoutAnyWebhookEverythingIsStoredInTime() throws Exception {
    int generations = Form.chosen().unheard();
    try (var postgres = new CrashingPostgres(folder.resolve("postgres"));
        var studio = new Studio(WORK, SandboxFaults.of(SandboxFault.WEBHOOK_DROP))) {
      Map<String, String> variables = studio.variables(postgres.url(), folder.resolve("blobs"));
      try (var instance = new Instance(() -> AtelierProcess.start(folder, variables))) {
        var clients = new Clients(List.of(instance), _ -> "");
        clients.run(generations);

        List<Audit.Row> rows = new Audit(postgres.jdbcUrl()).awaitEnds(Form.chosen().endedWithin());
        List<SandboxPrediction> sold = studio.sandbox().predictions();
        print("all webhooks dropped", clients.accepted().size(), rows, sold, 0);

        assertThat(sold).hasSize(generations);
        assertThat(rows).extracting(Audit.Row::end).hasSize(generations).containsOnly("succeeded");
        assertThat(Audit.notServed(rows, instance.process())).isEmpty();
      }
    }
  }

  @SuppressWarnings("SystemOut") // the figures are what one runs this for
  private static void print(
      String run, int accepted, List<Audit.Row> rows, List<SandboxPrediction> sold, int lost) {
    Map<String, SandboxPrediction> byId =
        sold.stream().collect(Collectors.toMap(SandboxPrediction::id, Function.identity()));
    List<Duration> toStored =
        rows.stream()
            .filter(row -> row.state().equals("succeeded"))
            .map(row -> Duration.between(endOf(byId, row), row.endedAt().orElseThrow()))
            .sorted()
            .toList();
    System.out.printf(
        "%s: accepted %d, begun %d, sold %d, stored %d, honestly failed %d, lost %d, doubled %d,"
            + " completion to stored p50 %d ms, p99 %d ms%n",
        run,
        accepted,
        rows.size(),
        sold.size(),
        toStored.size(),
        rows.size() - toStored.size() - lost,
        lost + Audit.withoutRow(sold, rows).size(),
        Audit.soldTwice(sold).size(),
        percentile(toStored, 50).toMillis(),
        percentile(toStored, 99).toMillis());
  }

  private static Instant endOf(Map<String, SandboxPrediction> sold, Audit.Row row) {
    return Optional.ofNullable(sold.get(row.predictionId().orElseThrow()))
        .flatMap(SandboxPrediction::endedAt)
        .orElseThrow();
  }

  private static Duration percentile(List<Duration> sorted, int percent) {
    return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
  }
}
