package dev.atelier.application.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.health.CheckReadiness.Finding;
import dev.atelier.application.port.Dependency;
import dev.atelier.application.port.MutableClock;
import dev.atelier.application.port.UnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CheckReadinessServiceTest {
  private static final Finding DATABASE_READY =
      new Finding("database", true, false, Optional.empty());
  private static final Finding SPOOL_READY = new Finding("spool", true, true, Optional.empty());

  private final MutableClock clock = new MutableClock();

  @Test
  void aHangingDependencyIsNotReadyAndDoesNotDelayTheOthers() {
    var answers = new CountDownLatch(1);
    var probes = new AtomicInteger();
    var readiness =
        new CheckReadinessService(
            List.of(dependency("database", () -> {})),
            List.of(
                dependency(
                    "storage",
                    () -> {
                      probes.incrementAndGet();
                      await(answers);
                    }),
                dependency("spool", () -> {})),
            clock,
            Duration.ofSeconds(1));
    var unresponsive = new Finding("storage", false, true, Optional.of("no response"));
    try {
      assertThat(readiness.check()).containsExactly(DATABASE_READY, unresponsive, SPOOL_READY);
      clock.advance(Duration.ofMinutes(1));
      assertThat(readiness.check()).containsExactly(DATABASE_READY, unresponsive, SPOOL_READY);
      assertThat(probes).as("probes while one hangs").hasValue(1);
    } finally {
      answers.countDown();
    }
  }

  @Test
  void concurrentCallsShareOneProbe() throws Exception {
    var mayAnswer = new CountDownLatch(1);
    var probes = new AtomicInteger();
    var readiness =
        new CheckReadinessService(
            List.of(
                dependency(
                    "database",
                    () -> {
                      probes.incrementAndGet();
                      await(mayAnswer);
                    })),
            List.of(),
            clock);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = threads.submit(readiness::check);
      var second = threads.submit(readiness::check);
      mayAnswer.countDown();

      assertThat(first.get()).containsExactly(DATABASE_READY);
      assertThat(second.get()).containsExactly(DATABASE_READY);
      assertThat(probes).hasValue(1);
    }
  }

  @Test
  void reusesAFindingForOneSecond() {
    var probes = new AtomicInteger();
    var readiness =
        new CheckReadinessService(
            List.of(dependency("database", probes::incrementAndGet)), List.of(), clock);

    var _ = readiness.check();
    clock.advance(CheckReadinessService.RESULT_MAX_AGE.minusNanos(1));
    var _ = readiness.check();
    assertThat(probes).hasValue(1);

    clock.advance(Duration.ofNanos(1));
    var _ = readiness.check();
    assertThat(probes).hasValue(2);

    clock.advance(Duration.ofHours(-1));
    var _ = readiness.check();
    assertThat(probes).as("probes after the clock was set back").hasValue(3);
  }

  @Test
  void showsTheProblemsOfStoragesOnly() {
    Runnable broken =
        () -> {
          throw new UnavailableException("it is broken", new IOException("scripted"));
        };
    var readiness =
        new CheckReadinessService(
            List.of(dependency("database", broken)), List.of(dependency("storage", broken)), clock);

    assertThat(readiness.check())
        .containsExactly(
            new Finding("database", false, false, Optional.empty()),
            new Finding("storage", false, false, Optional.of("it is broken")));
  }

  private static Dependency dependency(String name, Runnable check) {
    return new Dependency() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public void check() {
        check.run();
      }
    };
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
