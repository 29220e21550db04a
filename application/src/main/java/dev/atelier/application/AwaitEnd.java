package dev.atelier.application;

import dev.atelier.application.port.Changes;
import dev.atelier.application.port.Generations;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Waits until a generation has ended, woken by its changes rather than by asking again and again.
 */
public final class AwaitEnd {
  private final Generations generations;
  private final Changes changes;
  private final Clock clock;

  /** Wires the operation. */
  public AwaitEnd(Generations generations, Changes changes, Clock clock) {
    this.generations = generations;
    this.changes = changes;
    this.clock = clock;
  }

  /**
   * Waits for the end.
   *
   * @param atMost how long; zero only looks
   * @return the generation as it is when it ended or when the time ran out; empty when there is
   *     none
   */
  public Optional<Generation> await(GenerationId id, Duration atMost) {
    if (atMost.isZero()) {
      return generations.find(id);
    }
    Instant deadline = clock.instant().plus(atMost);
    try (Changes.Watch watch = changes.watch(id)) {
      boolean waited = true;
      while (true) {
        Optional<Generation> found = generations.find(id);
        Duration left = Duration.between(clock.instant(), deadline);
        if (found.filter(Generation::isActive).isEmpty() || !left.isPositive() || !waited) {
          return found;
        }
        waited = watch.awaitChange(left); // when it waited in vain, there is one last look
      }
    }
  }
}
