package dev.atelier.application.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.simulation.LostWebhooks.Outcome;
import dev.atelier.application.simulation.Provider.Filters;
import dev.atelier.application.simulation.Provider.ListForm;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LostWebhooksTest {
  @ParameterizedTest
  @CsvSource({
    "4, 4, PAGED, IGNORED, 1",
    "4, 3, NEWEST_50, IGNORED, 1",
    "8, 18, NEWEST_50, IGNORED, 1",
    "8, 18, NEWEST_50, HONOURED, 1",
    "8, 18, NEWEST_50, REFUSED, 1",
    "8, 18, NEWEST_50, EMPTY, 1",
    "8, 18, NEWEST_50, IGNORED, 3",
    "8, 18, OLDEST_FIRST, IGNORED, 1",
    "8, 18, REFUSED, IGNORED, 1",
    "20, 10, PAGED, IGNORED, 1",
    "20, 10, PAGED, IGNORED, 4",
    "20, 10, NEWEST_50, IGNORED, 1",
    "20, 10, NEWEST_50, IGNORED, 4",
  })
  void withoutALimitEveryLostWebhookIsFoundWithinTwentySeconds(
      double perSecond, int minutes, ListForm list, Filters filters, int instances) {
    Outcome outcome =
        LostWebhooks.of(
                Provider.unlimited(list).with(filters), perSecond, 10, Duration.ofMinutes(minutes))
            .onInstances(instances)
            .run();
    System.out.println(perSecond + " " + list + " " + filters + " " + instances + ": " + outcome);
    assertThat(outcome.lost()).isZero();
    assertThat(outcome.found(99)).isLessThanOrEqualTo(Duration.ofSeconds(20));
  }
}
