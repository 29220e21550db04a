package dev.atelier.http.route;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for an effect of another thread. */
public final class Poll {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private Poll() {}

  /** Returns the value as soon as it is present; fails after 30 seconds. */
  public static <T> T until(Supplier<Optional<T>> value) {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    Optional<T> current = value.get();
    while (current.isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("no value within " + DEADLINE);
      }
      LockSupport.parkNanos(1_000_000);
      current = value.get();
    }
    return current.get();
  }
}
