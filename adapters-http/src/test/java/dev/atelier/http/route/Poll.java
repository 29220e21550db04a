package dev.atelier.http.route;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for what another thread brings about. */
public final class Poll {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private Poll() {}

  /** The value once there is one; fails when there is none in time. */
  public static <T> T until(Supplier<Optional<T>> value) {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    Optional<T> current = value.get();
    while (current.isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("it did not come about within " + DEADLINE);
      }
      LockSupport.parkNanos(1_000_000);
      current = value.get();
    }
    return current.get();
  }
}
