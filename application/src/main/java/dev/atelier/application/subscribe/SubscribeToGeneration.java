package dev.atelier.application.subscribe;

import dev.atelier.application.query.AccessScope;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import java.time.Duration;
import java.util.Optional;

/** Subscribes to the changes of a generation, made by any instance. */
public interface SubscribeToGeneration {
  /**
   * Opens a subscription; it misses no later change.
   *
   * @throws dev.atelier.application.port.UnavailableException if the generation cannot be read
   */
  Result subscribe(Query query);

  record Query(AccessScope scope, GenerationId id) {}

  sealed interface Result {
    /** The subscription, to be closed by the caller. */
    record Subscribed(Subscription subscription) implements Result {}

    /** No such generation is in the access scope. */
    record NotFound() implements Result {}
  }

  /**
   * A subscription, for one thread; only {@link #close} is thread-safe. States only move forward.
   * If changes come faster than they are read, only the latest is returned.
   */
  interface Subscription extends AutoCloseable {
    /** The state returned last. */
    Generation generation();

    /** Waits for the next change. */
    Update next(Duration atMost);

    /**
     * Waits until the generation has ended.
     *
     * @return the generation when it has ended, the timeout has passed or the service is stopping;
     *     empty if it was deleted
     * @throws dev.atelier.application.port.UnavailableException if it cannot be read after the
     *     timeout
     */
    Optional<Generation> awaitEnd(Duration atMost);

    /** Closes the subscription and wakes a waiting thread. */
    @Override
    void close();
  }

  sealed interface Update {
    record Changed(Generation generation) implements Update {}

    record TimedOut() implements Update {}

    /**
     * No change will follow: the subscription or the service was closed, or the generation was
     * deleted or has become unreadable.
     */
    record Closed() implements Update {}
  }
}
