package dev.atelier.application.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.MutableClock;
import dev.atelier.application.port.Predictions.Unavailable;
import dev.atelier.application.port.Predictions.Unavailable.Extent;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CallBudgetTest {
  private static final Unavailable FAILED = new Unavailable(Extent.CALL, Optional.empty());

  private final MutableClock clock = new MutableClock();
  private final Set<Object> knownToFail = new HashSet<>();
  private boolean reserved;

  @Test
  void endsTheRoundAtTheCallLimit() {
    CallBudget calls = budget(2);
    calls.spend();
    assertThat(calls.mayCall()).isTrue();
    assertThat(calls.remaining()).isEqualTo(1);

    calls.spend();

    assertThat(calls.mayCall()).isFalse();
    assertThat(calls.outageUntil()).isEmpty();
  }

  @Test
  void endsTheRoundBeforeTheLeaseExpires() {
    CallBudget calls = budget(100);

    clock.advance(Duration.ofSeconds(20));

    assertThat(calls.mayCall()).isFalse();
  }

  @Test
  void allowsOnlyTheSmallestRoundIfTheRestIsReserved() {
    CallBudget calls = budget(100);
    reserved = true;
    for (int i = 0; i < SweepPace.SMALLEST_ROUND; i++) {
      assertThat(calls.mayCall()).isTrue();
      calls.spend();
    }

    assertThat(calls.mayCall()).isFalse();
  }

  @Test
  void aFailureOfTheAccountEndsTheRound() {
    CallBudget calls = budget(100);

    calls.failed("a", new Unavailable(Extent.ACCOUNT, Optional.of(Duration.ofSeconds(12))));

    assertThat(calls.mayCall()).isFalse();
    assertThat(calls.outageUntil()).contains(clock.instant().plusSeconds(12));
  }

  @Test
  void fiveDifferentFailuresInARowAreAnOutage() {
    CallBudget calls = budget(100);
    for (int i = 0; i < 4; i++) {
      calls.failed(i, FAILED);
    }
    assertThat(calls.mayCall()).isTrue();

    calls.failed(4, FAILED);

    assertThat(calls.mayCall()).isFalse();
    assertThat(calls.outageUntil()).contains(clock.instant().plusSeconds(10));
  }

  @Test
  void aResponseInBetweenPreventsAnOutage() {
    CallBudget calls = budget(100);
    for (int i = 0; i < 4; i++) {
      calls.failed(i, FAILED);
    }
    calls.answered("another");

    calls.failed(4, FAILED);

    assertThat(calls.mayCall()).isTrue();
  }

  @Test
  void failuresKnownFromEarlierRoundsAreNoOutage() {
    CallBudget earlier = budget(100);
    for (int i = 0; i < 5; i++) {
      earlier.failed(i, FAILED);
      earlier.failed(i, FAILED);
    }

    CallBudget calls = budget(100);
    for (int i = 0; i < 5; i++) {
      calls.failed(i, FAILED);
    }

    assertThat(calls.mayCall()).isTrue();
  }

  @Test
  void remembersAFailingSubjectUntilACallAboutItSucceeds() {
    CallBudget calls = budget(100);
    calls.failed("a", FAILED);
    calls.notFound("b");
    assertThat(calls.isKnownToFail("a")).isTrue();
    assertThat(calls.isKnownToFail("b")).isTrue();

    calls.answered("a");

    assertThat(calls.isKnownToFail("a")).isFalse();
  }

  private CallBudget budget(int limit) {
    return new CallBudget(clock, limit, _ -> reserved, knownToFail);
  }
}
