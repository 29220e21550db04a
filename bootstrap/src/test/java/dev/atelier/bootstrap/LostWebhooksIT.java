package dev.atelier.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.persistence.postgres.PostgresServer;
import dev.atelier.persistence.postgres.PostgresUrl;
import dev.atelier.skytells.sandbox.api.SandboxPrediction;
import dev.atelier.skytells.sandbox.fault.SandboxFaults;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The built service under load, while a share of the webhooks is lost. Prints one line of figures
 * for each run. The long form is {@code ./mvnw -Pchaos verify}; the application's {@code
 * LostWebhooksTest} does the same, and much more, in virtual time.
 */
class LostWebhooksIT {
  private static final Duration WORK = Duration.ofSeconds(1);

  /** The last is lost at the end, found within seconds, and stored. */
  private static final Duration ENDED_WITHIN = Duration.ofMinutes(6);

  /**
   * One run.
   *
   * @param perSecond how many generations are asked for
   * @param seconds for how long
   * @param list the faults that give the provider's list its form
   */
  record Load(int perSecond, int seconds, List<String> list) {
    int generations() {
      return perSecond * seconds;
    }

    SandboxFaults faults() {
      var tags = new ArrayList<>(list);
      tags.add("webhook:lossy=10");
      return SandboxFaults.of(tags);
    }
  }

  /** The newest 50 in a bare array, whatever is asked for. */
  private static final List<String> NEWEST = List.of("list:newest", "list:unfiltered");

  static final List<Load> LOADS =
      Boolean.getBoolean("atelier.chaos.long")
          ? List.of(
              new Load(4, 240, List.of()),
              new Load(4, 180, NEWEST),
              new Load(8, 1080, NEWEST),
              new Load(20, 180, List.of()))
          : List.of(new Load(4, 5, NEWEST));

  @TempDir private Path folder;

  @ParameterizedTest
  @FieldSource("LOADS")
  void everyLostWebhookIsFoundInTime(Load load) throws Exception {
    PostgresUrl database = PostgresServer.shared().newDatabase();
    String url = "postgresql://postgres:postgres@" + database.address();
    try (var studio = new Studio(WORK, load.faults());
        var atelier =
            AtelierProcess.start(folder, studio.variables(url, folder.resolve("blobs")))) {
      long accepted = ask(load, atelier).stream().filter(status -> status != 503).count();
      var audit = new Audit("jdbc:postgresql://" + database.address() + "?user=postgres");
      List<Audit.Row> rows = audit.awaitEnds(ENDED_WITHIN);
      List<SandboxPrediction> sold = studio.sandbox().predictions();
      List<Duration> found = found(sold, rows);
      long lost = rows.stream().filter(row -> !row.state().equals("succeeded")).count();
      print(load, sold.size(), found, lost);

      assertThat(accepted).isPositive();
      assertThat(sold).hasSizeGreaterThanOrEqualTo((int) accepted);
      assertThat(lost).isZero();
      assertThat(percentile(found, 99)).isLessThanOrEqualTo(Duration.ofSeconds(20));
    } finally {
      PostgresServer.shared().drop(database);
    }
  }

  /** Asks at an even pace, whether or not the service keeps up; returns what was answered. */
  private static List<Integer> ask(Load load, AtelierProcess atelier) throws Exception {
    List<Future<Integer>> asked = new ArrayList<>();
    List<Integer> statuses = new ArrayList<>();
    long begun = System.nanoTime();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int n = 0; n < load.generations(); n++) {
        int number = n;
        long due = begun + TimeUnit.SECONDS.toNanos(number) / load.perSecond();
        while (System.nanoTime() < due) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
        asked.add(threads.submit(() -> ask(number, atelier)));
      }
      for (Future<Integer> one : asked) {
        statuses.add(one.get());
      }
    }
    return statuses;
  }

  private static int ask(int number, AtelierProcess atelier) throws Exception {
    String body =
        """
        {"prompt": "a lighthouse, number %d", "userId": "%s", "width": 256, "height": 256}
        """
            .formatted(number, Clients.owner(number));
    int status = atelier.post("/api/generate", body).statusCode();
    assertThat(status).isIn(200, 202, 503); // ended already, accepted, or not sent to Skytells
    return status;
  }

  /** How long after their end those were stored whose webhook never came, in order. */
  private static List<Duration> found(List<SandboxPrediction> sold, List<Audit.Row> rows) {
    Map<String, SandboxPrediction> unheard =
        sold.stream()
            .filter(prediction -> prediction.deliveries().isEmpty())
            .collect(Collectors.toMap(SandboxPrediction::id, Function.identity()));
    return rows.stream()
        .filter(row -> unheard.containsKey(row.predictionId().orElse("")))
        .map(row -> Duration.between(end(unheard, row), row.endedAt().orElseThrow()))
        .sorted()
        .toList();
  }

  private static Instant end(Map<String, SandboxPrediction> sold, Audit.Row row) {
    return Optional.ofNullable(sold.get(row.predictionId().orElseThrow()))
        .flatMap(SandboxPrediction::endedAt)
        .orElseThrow();
  }

  @SuppressWarnings("SystemOut") // the figures are what one runs this for
  private static void print(Load load, int sold, List<Duration> found, long lost) {
    System.out.printf(
        "lost webhooks (%d/s for %d s, list %s): sold %d, webhooks lost %d, outputs lost %d,"
            + " found p50 %d ms, p99 %d ms, max %d ms%n",
        load.perSecond(),
        load.seconds(),
        load.list().isEmpty() ? "paged" : load.list(),
        sold,
        found.size(),
        lost,
        percentile(found, 50).toMillis(),
        percentile(found, 99).toMillis(),
        percentile(found, 100).toMillis());
  }

  private static Duration percentile(List<Duration> sorted, int percent) {
    return sorted.isEmpty()
        ? Duration.ZERO
        : sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
  }
}
