package dev.atelier.application;

import dev.atelier.application.WatchGeneration.Sight;
import dev.atelier.application.WatchGeneration.Watch;
import dev.atelier.application.port.Changes.Change;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A subscription that keeps only the latest state. Any thread may offer states; one thread consumes
 * them.
 */
final class TopicSubscription implements Watch {
  private final GenerationId id;
  private final Watches registry;
  private final Lock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** The latest state offered. */
  private @Nullable Generation latest;

  /** The latest state consumed. */
  private @Nullable Generation current;

  private boolean deleted;
  private boolean ended;

  TopicSubscription(GenerationId id, Watches registry) {
    this.id = id;
    this.registry = registry;
  }

  GenerationId id() {
    return id;
  }

  /** Starts with a state read from the database; other subscribers may not have it yet. */
  void start(Generation found) {
    registry.show(new Change.Moved(found));
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

  /** Ends the subscription without leaving its topic, which may be iterating. */
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
  public Sight next(Duration atMost) {
    long remaining = atMost.toNanos();
    lock.lock();
    try {
      while (true) {
        if (ended) {
          return new Sight.Over();
        }
        if (latest != null && isNewer(latest)) {
          current = latest;
          return new Sight.Moved(latest);
        }
        if (remaining <= 0) {
          return new Sight.Unchanged();
        }
        remaining = changed.awaitNanos(remaining);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Sight.Over();
    } finally {
      lock.unlock();
    }
  }

  private boolean isNewer(Generation generation) {
    return current == null || generation.revision() > current.revision();
  }

  @Override
  public Optional<Generation> end(Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (generation().isActive()) {
      switch (next(Duration.ofNanos(deadline - System.nanoTime()))) {
        case Sight.Moved _ -> {}
        case Sight.Over _ -> {
          return result();
        }
        case Sight.Unchanged _ -> {
          return finalRefresh();
        }
      }
    }
    return Optional.of(generation());
  }

  /** Queries the generation after a timeout, in case a notification was lost. */
  private Optional<Generation> finalRefresh() {
    registry.look(List.of(id));
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
    registry.leave(this);
  }
}
