package dev.atelier.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.Changes.Watch;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Generations;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class InProcessChangesTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final InProcessChanges changes = new InProcessChanges();
  private final GenerationId id = Generations.submitting().id();

  @Test
  void whatIsAnnouncedAfterTheWatchBeganIsNotMissed() {
    try (Watch watch = changes.watch(id)) {
      changes.announce(id);

      assertThat(watch.awaitChange(LONG)).isTrue();
      assertThat(watch.awaitChange(Duration.ofMillis(1))).isFalse();
    }
  }

  @Test
  void aWaitEndsWhenItsTimeRunsOut() {
    try (Watch watch = changes.watch(id)) {
      changes.announce(Generations.submitting().id());

      assertThat(watch.awaitChange(Duration.ofMillis(1))).isFalse();
    }
  }

  @Test
  void everyListenerIsWoken() {
    try (Watch one = changes.watch(id);
        Watch another = changes.watch(id)) {
      changes.announce(id);

      assertThat(one.awaitChange(LONG)).isTrue();
      assertThat(another.awaitChange(LONG)).isTrue();
    }
  }

  @Test
  void whenTheServiceStopsNobodyWaitsOn() {
    try (Watch watch = changes.watch(id)) {
      changes.close();

      assertThat(watch.awaitChange(LONG)).isFalse();
      assertThat(changes.watch(id).awaitChange(LONG)).isFalse();
    }
  }
}
