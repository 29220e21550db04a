package dev.atelier.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.skytells.sandbox.api.SandboxPrediction;
import dev.atelier.skytells.sandbox.fault.SandboxFaults;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The built service under load while one webhook in ten is lost. Prints one line of figures per
 * run. {@code ./mvnw -Pchaos verify} runs the long form; {@code LostWebhooksTest} of the
 * application covers more cases in virtual time.
 */
class LostWebhooksIT {
  private static final Duration WORK = Duration.ofSeconds(1);

  private static final Duration END_TIMEOUT = Duration.ofMinutes(6);

  /**
   * One run.
   *
   * @param perSecond generations started per second
   * @param listFaults faults that shape the provider's list of predictions
   */
  record Load(int perSecond, int seconds, List<String> listFaults) {
    int generations() {
      return perSecond * seconds;
    }

    SandboxFaults faults() {
      var tags = new ArrayList<>(listFaults);
      tags.add("webhook:lossy=10");
      return SandboxFaults.of(tags);
    }
  }

  /** The list is a bare array of the newest 50, regardless of the query. */
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
  void predictionsWithLostWebhooksAreStoredInTime(Load load) throws Exception {
    try (var database = new TestDatabase();
        var sandbox = new TestSandbox(WORK, load.faults());
        var atelier =
            AtelierProcess.start(
                folder, sandbox.variables(database.url(), folder.resolve("blobs")))) {
      long accepted = generate(load, atelier).stream().filter(status -> status != 503).count();
      var audit = new Audit(database.jdbcUrl());
      List<Audit.Row> rows = audit.awaitEnds(END_TIMEOUT);
      List<SandboxPrediction> predictions = sandbox.predictions();
      List<Duration> found = found(predictions, rows);
      long lost = rows.stream().filter(row -> !row.state().equals("succeeded")).count();
      print(load, predictions.size(), found, lost);

      assertThat(accepted).isPositive();
      assertThat(predictions).hasSizeGreaterThanOrEqualTo((int) accepted);
      assertThat(lost).isZero();
      assertThat(Audit.percentile(found, 99)).isLessThanOrEqualTo(Duration.ofSeconds(20));
    }
  }

  /** Starts generations at a constant rate, even if the service lags; returns the statuses. */
  private static List<Integer> generate(Load load, AtelierProcess atelier) throws Exception {
    List<Future<Integer>> requests = new ArrayList<>();
    List<Integer> statuses = new ArrayList<>();
    long start = System.nanoTime();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int n = 0; n < load.generations(); n++) {
        int number = n;
        long due = start + TimeUnit.SECONDS.toNanos(number) / load.perSecond();
        while (System.nanoTime() < due) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
        requests.add(threads.submit(() -> generate(number, atelier)));
      }
      for (Future<Integer> request : requests) {
        statuses.add(request.get());
      }
    }
    return statuses;
  }

  private static int generate(int number, AtelierProcess atelier) throws Exception {
    String body =
        """
        {"prompt": "a lighthouse, number %d", "userId": "%s", "width": 256, "height": 256}
        """
            .formatted(number, Clients.owner(number));
    int status = atelier.post("/api/generate", body).statusCode();
    assertThat(status).isIn(200, 202, 503); // ended already, accepted, or not sent to Skytells
    return status;
  }

  /** Store times of the generations whose webhook was lost. */
  private static List<Duration> found(List<SandboxPrediction> predictions, List<Audit.Row> rows) {
    Set<String> withoutWebhook =
        predictions.stream()
            .filter(prediction -> prediction.deliveries().isEmpty())
            .map(SandboxPrediction::id)
            .collect(Collectors.toSet());
    return Audit.storeTimes(
        predictions,
        rows.stream()
            .filter(row -> withoutWebhook.contains(row.predictionId().orElse("")))
            .toList());
  }

  @SuppressWarnings("SystemOut") // prints the figures
  private static void print(Load load, int predictions, List<Duration> found, long lost) {
    System.out.printf(
        "lost webhooks (%d/s for %d s, list %s): predictions %d, webhooks lost %d, outputs lost %d,"
            + " found p50 %d ms, p99 %d ms, max %d ms%n",
        load.perSecond(),
        load.seconds(),
        load.listFaults().isEmpty() ? "paged" : load.listFaults(),
        predictions,
        found.size(),
        lost,
        Audit.percentile(found, 50).toMillis(),
        Audit.percentile(found, 99).toMillis(),
        Audit.percentile(found, 100).toMillis());
  }
}
