package dev.atelier.application.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.InMemoryGenerations;
import dev.atelier.application.port.RequestLimits;
import dev.atelier.application.port.RequestLimits.Limit;
import dev.atelier.domain.Generation;
import dev.atelier.domain.Generations;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SweepPaceTest {
  private static final Instant NOW = Generations.CREATED;
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final InMemoryGenerations generations = new InMemoryGenerations();
  private RequestLimits limits = RequestLimits.UNKNOWN;
  private final SweepPace pace = new SweepPace(generations, () -> limits);

  @Test
  void withoutAKnownLimitStaysBelowTheSmallestAccountInEveryMinute() {
    assertThat(pace.callsPerMinute(NOW)).isEqualTo(24);
    assertThat(callsInAMinute()).isLessThanOrEqualTo(25);
  }

  /** The worst case: a round at the start of a minute, its pauses, and a full round at the end. */
  private long callsInAMinute() {
    return MINUTE.dividedBy(pace.pausePerCall(NOW)) + pace.callsPerRound(NOW);
  }

  @Test
  void theRateGrowsWithTheAcceptedCreates() {
    accept(480);

    assertThat(pace.callsPerMinute(NOW)).isEqualTo(120);
  }

  @Test
  void aRefusalReducesTheRate() {
    accept(480);
    limits = refused(NOW.minusSeconds(90));
    assertThat(pace.callsPerMinute(NOW)).isEqualTo(24);

    limits = refused(NOW.minusSeconds(30));
    assertThat(pace.callsPerMinute(NOW)).isEqualTo(12);

    limits = refused(NOW.minusSeconds(300));
    assertThat(pace.callsPerMinute(NOW)).isEqualTo(120);
  }

  private static RequestLimits refused(Instant at) {
    return new RequestLimits(Optional.empty(), Optional.of(at));
  }

  @Test
  void usesWhatCreatesLeaveOfTheAccountsLimit() {
    accept(420);
    limits = limit(600, 180, MINUTE, NOW);

    assertThat(pace.callsPerMinute(NOW)).isEqualTo(90);
  }

  @Test
  void usesMostOfTheLimitWithoutCreates() {
    limits = limit(600, 600, MINUTE, NOW);

    assertThat(pace.callsPerMinute(NOW)).isEqualTo(405);
  }

  @Test
  void convertsALimitOfAnotherWindow() {
    limits = limit(10, 10, Duration.ofSeconds(10), NOW);

    assertThat(pace.callsPerMinute(NOW)).isEqualTo(43);
  }

  @Test
  void keepsTheMinimumRateIfCreatesUseUpTheLimit() {
    limits = limit(60, 20, MINUTE, NOW);
    accept(60);

    assertThat(pace.callsPerMinute(NOW)).isEqualTo(SweepPace.MINIMUM);
  }

  @Test
  void ignoresAnOldLimit() {
    limits = limit(600, 600, MINUTE, NOW.minusSeconds(120));

    assertThat(pace.callsPerMinute(NOW)).isEqualTo(24);
  }

  @Test
  void reservesTheRemainingRequestsForCreates() {
    limits = limit(60, 7, MINUTE, NOW);
    assertThat(pace.isReserved(NOW)).isFalse();

    limits = limit(60, 6, MINUTE, NOW);
    assertThat(pace.isReserved(NOW)).isTrue();
    assertThat(pace.callsPerMinute(NOW)).isEqualTo(SweepPace.MINIMUM);
    assertThat(pace.isReserved(NOW.plusSeconds(10))).isFalse();
  }

  @Test
  void readsTheListEarlyWhileWebhooksAreLostAndCreatesAreFrequent() {
    accept(480);
    assertThat(pace.isListDue(Optional.empty(), NOW)).isFalse();

    pace.recordLoss(NOW);

    assertThat(pace.isListDue(Optional.empty(), NOW)).isTrue();
    // At 8 creates a second, a page of 50 covers 6.25 seconds.
    assertThat(pace.isListDue(Optional.of(NOW), NOW.plusMillis(2_400))).isFalse();
    assertThat(pace.isListDue(Optional.of(NOW), NOW.plusMillis(2_500))).isTrue();
    assertThat(pace.isListDue(Optional.empty(), NOW.plusSeconds(600))).isFalse();
  }

  @Test
  void doesNotReadTheListEarlyIfCreatesAreRare() {
    accept(100);
    pace.recordLoss(NOW);

    assertThat(pace.isListDue(Optional.empty(), NOW)).isFalse();
  }

  private static RequestLimits limit(
      int requests, int remaining, Duration window, Instant heardAt) {
    return new RequestLimits(
        Optional.of(new Limit(requests, remaining, window, heardAt)), Optional.empty());
  }

  /** Adds accepted generations, evenly over the last minute. */
  private void accept(int number) {
    for (int i = 0; i < number; i++) {
      Generation submitted =
          Generations.create(
              Generations.begun(new UserId("user-" + i)).id(),
              new UserId("user-" + i),
              Generations.request(),
              NOW.minus(MINUTE.multipliedBy(i).dividedBy(number)));
      var _ = generations.insert(submitted, Optional.empty(), 10);
      var accepted = new Prediction.Queued(new PredictionId("pred_" + i));
      var _ = generations.save(submitted.observe(accepted, NOW).generation());
    }
  }
}
