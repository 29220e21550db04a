package dev.atelier.application.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.simulation.LostWebhooks.Outcome;
import dev.atelier.application.simulation.Provider.Filters;
import dev.atelier.application.simulation.Provider.ListForm;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prints a line for each run; docs/reliability.md shows some of them. */
class LostWebhooksTest {
  private static final Duration MAX_DELAY = Duration.ofSeconds(20);

  @ParameterizedTest
  @CsvSource({
    "4, 4, PAGED, IGNORED, 1",
    "4, 3, NEWEST_50, IGNORED, 1",
    "8, 18, NEWEST_50, IGNORED, 1",
    "8, 5, NEWEST_50, HONOURED, 1",
    "8, 5, NEWEST_50, REFUSED, 1",
    "8, 5, NEWEST_50, EMPTY, 1",
    "8, 5, NEWEST_50, IGNORED, 3",
    "8, 5, OLDEST_FIRST, IGNORED, 1",
    "8, 5, REFUSED, IGNORED, 1",
    "20, 5, PAGED, IGNORED, 1",
    "20, 5, PAGED, IGNORED, 4",
    "20, 5, NEWEST_50, IGNORED, 1",
  })
  void withoutALimitEveryLostWebhookIsFoundWithinTwentySeconds(
      double perSecond, int minutes, ListForm list, Filters filters, int instances) {
    LostWebhooks load =
        LostWebhooks.of(
                Provider.unlimited(list).with(filters), perSecond, 10, Duration.ofMinutes(minutes))
            .onInstances(instances);

    Outcome outcome = run(load);

    assertThat(outcome.lost()).isZero();
    assertThat(outcome.found(99)).isLessThanOrEqualTo(MAX_DELAY);
  }

  /** Creates use half of the limit, so only the sweep could cause a refusal. */
  @ParameterizedTest
  @CsvSource({
    "25, PAGED, 2",
    "25, NEWEST_50, 2",
    "25, REFUSED, 2",
    "75, PAGED, 2",
    "75, NEWEST_50, 2",
    "75, NEWEST_50, 30",
    "75, REFUSED, 2",
    "600, PAGED, 2",
    "600, PAGED, 30",
    "600, NEWEST_50, 2",
    "600, NEWEST_50, 30",
    "600, REFUSED, 2",
  })
  void underALimitNothingIsLostAndNoCreateIsRefused(int limit, ListForm list, int workSeconds) {
    var load =
        new LostWebhooks(
            Provider.unlimited(list).limitedTo(limit),
            limit / 2.0,
            10,
            Duration.ofMinutes(10),
            Duration.ofSeconds(workSeconds),
            1);

    Outcome outcome = run(load);

    assertThat(outcome.lost()).isZero();
    assertThat(outcome.refusedCreates()).isZero();
  }

  /** The table in docs/reliability.md: every webhook is lost. */
  @ParameterizedTest
  @CsvSource({
    "25, PAGED, IGNORED, 15",
    "25, NEWEST_50, IGNORED, 15",
    "25, OLDEST_FIRST, IGNORED, 10",
    "25, REFUSED, IGNORED, 8",
    "75, PAGED, IGNORED, 50",
    "75, NEWEST_50, IGNORED, 50",
    "75, OLDEST_FIRST, IGNORED, 30",
    "75, REFUSED, IGNORED, 25",
    "600, PAGED, IGNORED, 400",
    "600, NEWEST_50, IGNORED, 400",
    "600, NEWEST_50, HONOURED, 400",
    "600, OLDEST_FIRST, IGNORED, 200",
    "600, REFUSED, IGNORED, 200",
  })
  void findsThisManyLostWebhooksPerMinuteUnderALimit(
      int limit, ListForm list, Filters filters, int lostPerMinute) {
    var load =
        new LostWebhooks(
            Provider.unlimited(list).with(filters).limitedTo(limit),
            lostPerMinute,
            100,
            Duration.ofMinutes(10),
            Duration.ofSeconds(2),
            1);

    assertThat(run(load).lost()).isZero();
  }

  @SuppressWarnings("SystemOut") // the results are the purpose of the run
  private static Outcome run(LostWebhooks load) {
    Outcome outcome = load.run();
    System.out.println(load + ": " + outcome);
    return outcome;
  }
}
