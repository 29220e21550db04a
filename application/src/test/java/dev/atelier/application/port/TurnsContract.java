package dev.atelier.application.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every {@link Turns} holds to. */
public interface TurnsContract {
  /** A moment at which the turn of the object under test is free. */
  Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

  /** The object under test, with a turn that nobody has. */
  Turns turns();

  @Test
  default void aTurnIsTakenByOneAndFreeAgainWhenItsTimeIsOver() {
    assertThat(turns().take(NOW, NOW.plusSeconds(30))).isPresent();
    assertThat(turns().take(NOW.plusSeconds(29), NOW.plusSeconds(60))).isEmpty();
    assertThat(turns().take(NOW.plusSeconds(30), NOW.plusSeconds(60))).isPresent();
  }

  @Test
  default void whoHasTheTurnMayKeepItLongerOrGiveItBack() {
    assertThat(turns().take(NOW, NOW.plusSeconds(1))).isPresent();
    turns().keep(NOW.plusSeconds(30));
    assertThat(turns().take(NOW.plusSeconds(29), NOW.plusSeconds(60))).isEmpty();

    turns().keep(NOW.plusSeconds(5));
    assertThat(turns().take(NOW.plusSeconds(5), NOW.plusSeconds(60))).isPresent();
  }

  @Test
  default void theNextTakerIsToldWhenTheListWasRead() {
    assertThat(turns().take(NOW, NOW.plusSeconds(1))).isPresent();
    turns().keep(NOW.plusSeconds(2), NOW.plusSeconds(1));

    assertThat(turns().take(NOW.plusSeconds(2), NOW.plusSeconds(30)))
        .contains(new Turns.Turn(Optional.of(NOW.plusSeconds(1))));

    turns().keep(NOW.plusSeconds(3));
    assertThat(turns().take(NOW.plusSeconds(3), NOW.plusSeconds(30)))
        .contains(new Turns.Turn(Optional.of(NOW.plusSeconds(1))));
  }

  @Test
  default void ofManyAtOnceOneTakesIt() throws Exception {
    Callable<Boolean> take = () -> turns().take(NOW, NOW.plusSeconds(30)).isPresent();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Boolean> taken = new ArrayList<>();
      for (Future<Boolean> answer : threads.invokeAll(Collections.nCopies(16, take))) {
        taken.add(answer.get());
      }
      assertThat(taken).hasSize(16).containsOnlyOnce(true);
    }
  }
}
