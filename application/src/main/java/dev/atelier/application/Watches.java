package dev.atelier.application;

import dev.atelier.application.port.Changes;
import dev.atelier.application.port.Changes.Change;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subscriptions to generations on this instance. One thread reads changes for all subscribers,
 * so that the number of queries does not grow with the number of subscribers. It queries the
 * generations named by notifications and, at an interval, all of them, in case a notification was
 * lost.
 */
public final class Watches implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Watches.class);

  /** The maximum number of generations per query. */
  private static final int BATCH = 1000;

  private final Changes changes;
  private final Duration pollEvery;
  private final ConcurrentMap<GenerationId, GenerationTopic> watched = new ConcurrentHashMap<>();
  private final Set<GenerationId> told = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean askForAll = new AtomicBoolean();
  private final Semaphore bell = new Semaphore(0);
  private volatile boolean closed;

  /**
   * @param pollEvery the interval between queries of all subscribed generations
   */
  public Watches(Changes changes, Duration pollEvery) {
    this.changes = changes;
    this.pollEvery = pollEvery;
  }

  /** Starts to listen for notifications and to read changes. */
  public void start() {
    changes.listen(
        new Changes.Listener() {
          @Override
          public void changed(GenerationId id) {
            if (watched.containsKey(id)) {
              told.add(id);
              bell.release();
            }
          }

          @Override
          public void missed() {
            askForAll.set(true);
            bell.release();
          }
        });
    Thread.ofVirtual().name("subscriptions").start(this::read);
  }

  /** Closes all subscriptions; later ones are closed at once. */
  @Override
  public void close() {
    closed = true;
    bell.release();
    watched.values().forEach(GenerationTopic::closeAll);
  }

  /** The number of open subscriptions. */
  public int size() {
    return watched.values().stream().mapToInt(GenerationTopic::size).sum();
  }

  /** Opens a subscription, to be started with the generation's current state. */
  TopicSubscription open(GenerationId id) {
    var subscription = new TopicSubscription(id, this);
    watched.compute(
        id,
        (_, existing) -> {
          GenerationTopic topic = existing == null ? new GenerationTopic() : existing;
          topic.add(subscription);
          return topic;
        });
    if (closed) {
      subscription.close();
    }
    return subscription;
  }

  void leave(TopicSubscription subscription) {
    watched.computeIfPresent(
        subscription.id(), (_, topic) -> topic.remove(subscription) ? null : topic);
  }

  private void read() {
    long nextPoll = System.nanoTime();
    boolean failing = false;
    while (!closed) {
      try {
        long remaining = nextPoll - System.nanoTime();
        boolean notified = remaining > 0 && bell.tryAcquire(remaining, TimeUnit.NANOSECONDS);
        bell.drainPermits();
        if (!notified || askForAll.getAndSet(false)) {
          nextPoll = System.nanoTime() + pollEvery.toNanos();
          told.clear();
          look(List.copyOf(watched.keySet()));
        } else {
          look(takeTold());
        }
        failing = false;
      } catch (UnavailableException e) { // the next poll retries
        if (!failing) {
          log.warn("cannot notify subscribers, will retry: {}", e.reason());
        }
        failing = true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        log.error("cannot notify subscribers, will retry", e);
      }
    }
  }

  private List<GenerationId> takeTold() {
    List<GenerationId> ids = List.copyOf(told);
    ids.forEach(told::remove);
    return ids;
  }

  /** Queries these generations and notifies the subscribers of those that have changed. */
  void look(List<GenerationId> ids) {
    for (int from = 0; from < ids.size(); from += BATCH) {
      Map<GenerationId, Integer> revisions = new HashMap<>();
      for (GenerationId id : ids.subList(from, Math.min(ids.size(), from + BATCH))) {
        GenerationTopic topic = watched.get(id);
        if (topic != null) {
          revisions.put(id, topic.revision());
        }
      }
      if (!revisions.isEmpty()) {
        changes.since(revisions).forEach(this::show);
      }
    }
  }

  /** Notifies the subscribers of a changed generation. */
  void show(Change change) {
    GenerationTopic topic = watched.get(change.id());
    if (topic != null) {
      switch (change) {
        case Change.Moved(Generation now) when now.deleted() -> topic.generationDeleted();
        case Change.Moved(Generation now) -> topic.publish(now);
        case Change.Gone _ -> topic.generationDeleted();
        // Clients retry, and reach an instance of the newer version or get an error.
        case Change.Unreadable _ -> topic.closeAll();
      }
    }
  }
}
