package dev.atelier.application.subscribe;

import dev.atelier.application.port.ChangeNotifications.Change;
import dev.atelier.application.subscribe.SubscribeToGeneration.Subscription;
import dev.atelier.application.subscribe.SubscribeToGeneration.Update;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Keeps only the latest state. Any thread may offer states; one thread consumes them. */
final class TopicSubscription implements Subscription {
  private final GenerationId id;
  private final GenerationSubscriptions registry;
  private final Lock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Offered last. */
  private @Nullable Generation latest;

  /** Consumed last. */
  private @Nullable Generation current;

  private boolean deleted;
  private boolean ended;

  TopicSubscription(GenerationId id, GenerationSubscriptions registry) {
    this.id = id;
    this.registry = registry;
  }

  GenerationId id() {
    return id;
  }

  /** Other subscribers may not have this state yet. */
  void start(Generation found) {
    registry.publish(new Change.Changed(found));
    offer(found);
    lock.lock();
    try {
      current = latest;
    } finally {
      lock.unlock();
    }
  }

  void offer(Generation generation) {
    lock.lock();
    try {
      if (latest == null || generation.revision() > latest.revision()) {
        latest = generation;
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  void generationDeleted() {
    lock.lock();
    try {
      deleted = true;
      finish();
    } finally {
      lock.unlock();
    }
  }

  /** Stays in its topic, which may be iterating over its subscriptions. */
  void finish() {
    lock.lock();
    try {
      ended = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Generation generation() {
    if (current == null) {
      throw new IllegalStateException("the subscription has not started");
    }
    return current;
  }

  @Override
  public Update next(Duration atMost) {
    long remaining = atMost.toNanos();
    lock.lock();
    try {
      while (true) {
        if (ended) {
          return new Update.Closed();
        }
        if (latest != null && isNewer(latest)) {
          current = latest;
          return new Update.Changed(latest);
        }
        if (remaining <= 0) {
          return new Update.TimedOut();
        }
        remaining = changed.awaitNanos(remaining);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Update.Closed();
    } finally {
      lock.unlock();
    }
  }

  private boolean isNewer(Generation generation) {
    return current == null || generation.revision() > current.revision();
  }

  @Override
  public Optional<Generation> awaitEnd(Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (generation().isActive()) {
      switch (next(Duration.ofNanos(deadline - System.nanoTime()))) {
        case Update.Changed _ -> {}
        case Update.Closed _ -> {
          return result();
        }
        case Update.TimedOut _ -> {
          return finalRefresh();
        }
      }
    }
    return Optional.of(generation());
  }

  /** A notification may have been lost. */
  private Optional<Generation> finalRefresh() {
    registry.refresh(List.of(id));
    var _ = next(Duration.ZERO);
    return result();
  }

  private Optional<Generation> result() {
    lock.lock();
    try {
      return deleted ? Optional.empty() : Optional.of(generation());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    finish();
    registry.unsubscribe(this);
  }
}
