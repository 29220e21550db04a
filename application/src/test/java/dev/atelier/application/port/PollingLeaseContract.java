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

/** The contract of {@link PollingLease}. */
public interface PollingLeaseContract {
  /** A time at which the lease under test is free. */
  Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

  /** The lease under test; no instance holds it. */
  PollingLease pollingLease();

  @Test
  default void isHeldByOneInstanceUntilItExpires() {
    assertThat(pollingLease().tryAcquire(NOW, NOW.plusSeconds(30))).isPresent();
    assertThat(pollingLease().tryAcquire(NOW.plusSeconds(29), NOW.plusSeconds(60))).isEmpty();
    assertThat(pollingLease().tryAcquire(NOW.plusSeconds(30), NOW.plusSeconds(60))).isPresent();
  }

  @Test
  default void theHolderMayExtendOrShortenIt() {
    assertThat(pollingLease().tryAcquire(NOW, NOW.plusSeconds(1))).isPresent();
    pollingLease().holdUntil(NOW.plusSeconds(30));
    assertThat(pollingLease().tryAcquire(NOW.plusSeconds(29), NOW.plusSeconds(60))).isEmpty();

    pollingLease().holdUntil(NOW.plusSeconds(5));
    assertThat(pollingLease().tryAcquire(NOW.plusSeconds(5), NOW.plusSeconds(60))).isPresent();
  }

  @Test
  default void theNextHolderLearnsWhenTheListWasRead() {
    assertThat(pollingLease().tryAcquire(NOW, NOW.plusSeconds(1))).isPresent();
    pollingLease().holdUntil(NOW.plusSeconds(2), NOW.plusSeconds(1));

    assertThat(pollingLease().tryAcquire(NOW.plusSeconds(2), NOW.plusSeconds(30)))
        .contains(new PollingLease.Grant(Optional.of(NOW.plusSeconds(1))));

    pollingLease().holdUntil(NOW.plusSeconds(3));
    assertThat(pollingLease().tryAcquire(NOW.plusSeconds(3), NOW.plusSeconds(30)))
        .contains(new PollingLease.Grant(Optional.of(NOW.plusSeconds(1))));
  }

  @Test
  default void exactlyOneOfManyConcurrentCallsAcquiresIt() throws Exception {
    Callable<Boolean> acquire =
        () -> pollingLease().tryAcquire(NOW, NOW.plusSeconds(30)).isPresent();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Boolean> acquired = new ArrayList<>();
      for (Future<Boolean> call : threads.invokeAll(Collections.nCopies(16, acquire))) {
        acquired.add(call.get());
      }
      assertThat(acquired).hasSize(16).containsOnlyOnce(true);
    }
  }
}
