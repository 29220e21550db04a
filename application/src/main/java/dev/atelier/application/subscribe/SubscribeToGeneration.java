package dev.atelier.application.subscribe;

import dev.atelier.application.query.AccessScope;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import java.time.Duration;
import java.util.Optional;

/** Subscribes to the changes of a generation, made by any instance. */
public interface SubscribeToGeneration {
  /**
   * Misses no later change.
   *
   * @throws dev.atelier.application.port.UnavailableException if the generation cannot be read
   */
  Result subscribe(Query query);

  record Query(AccessScope scope, GenerationId id) {}

  sealed interface Result {
    record Subscribed(Subscription subscription) implements Result {}

    record NotFound() implements Result {}
  }

  /**
   * For one thread; only {@link #close} is thread-safe. Returns the latest state if changes come
   * faster than they are read.
   */
  interface Subscription extends AutoCloseable {
    Generation generation();

    Update next(Duration atMost);

    /**
     * Empty if the generation was deleted; still active after a timeout or if the service is
     * stopping.
     *
     * @throws dev.atelier.application.port.UnavailableException if it cannot be read after the
     *     timeout
     */
    Optional<Generation> awaitEnd(Duration atMost);

    @Override
    void close();
  }

  sealed interface Update {
    record Changed(Generation generation) implements Update {}

    record TimedOut() implements Update {}

    /**
     * The subscription or the service was closed, or the generation was deleted or has become
     * unreadable.
     */
    record Closed() implements Update {}
  }
}
