package dev.atelier.application.subscribe;

import dev.atelier.application.port.ChangeNotifications;
import dev.atelier.application.port.ChangeNotifications.Change;
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
 * The subscriptions on this instance. One thread queries for all of them, so that the load does not
 * grow with their number: the changed generations when notified and, in case a notification was
 * lost, all at an interval.
 */
public final class GenerationSubscriptions implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GenerationSubscriptions.class);

  /** Generations per query. */
  private static final int BATCH = 1000;

  private final ChangeNotifications changeNotifications;
  private final Duration pollInterval;
  private final ConcurrentMap<GenerationId, GenerationTopic> topics = new ConcurrentHashMap<>();
  private final Set<GenerationId> changedIds = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean refreshAll = new AtomicBoolean();
  private final Semaphore signal = new Semaphore(0);
  private volatile boolean closed;

  public GenerationSubscriptions(ChangeNotifications changeNotifications, Duration pollInterval) {
    this.changeNotifications = changeNotifications;
    this.pollInterval = pollInterval;
  }

  public void start() {
    changeNotifications.listen(
        new ChangeNotifications.Listener() {
          @Override
          public void onChange(GenerationId id) {
            if (topics.containsKey(id)) {
              changedIds.add(id);
              signal.release();
            }
          }

          @Override
          public void onNotificationsMissed() {
            refreshAll.set(true);
            signal.release();
          }
        });
    Thread.ofVirtual().name("subscriptions").start(this::read);
  }

  /** Closes all subscriptions; later ones are closed at once. */
  @Override
  public void close() {
    closed = true;
    signal.release();
    topics.values().forEach(GenerationTopic::closeAll);
  }

  public int size() {
    return topics.values().stream().mapToInt(GenerationTopic::size).sum();
  }

  /** The caller starts it with the generation's current state. */
  TopicSubscription open(GenerationId id) {
    var subscription = new TopicSubscription(id, this);
    topics.compute(
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

  void unsubscribe(TopicSubscription subscription) {
    topics.computeIfPresent(
        subscription.id(), (_, topic) -> topic.remove(subscription) ? null : topic);
  }

  private void read() {
    long nextPoll = System.nanoTime();
    boolean failing = false;
    while (!closed) {
      try {
        long remaining = nextPoll - System.nanoTime();
        boolean notified = remaining > 0 && signal.tryAcquire(remaining, TimeUnit.NANOSECONDS);
        signal.drainPermits();
        if (!notified || refreshAll.getAndSet(false)) {
          nextPoll = System.nanoTime() + pollInterval.toNanos();
          changedIds.clear();
          refresh(List.copyOf(topics.keySet()));
        } else {
          refresh(drainChangedIds());
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

  private List<GenerationId> drainChangedIds() {
    List<GenerationId> ids = List.copyOf(changedIds);
    ids.forEach(changedIds::remove);
    return ids;
  }

  void refresh(List<GenerationId> ids) {
    for (int from = 0; from < ids.size(); from += BATCH) {
      Map<GenerationId, Integer> revisions = new HashMap<>();
      for (GenerationId id : ids.subList(from, Math.min(ids.size(), from + BATCH))) {
        GenerationTopic topic = topics.get(id);
        if (topic != null) {
          revisions.put(id, topic.revision());
        }
      }
      if (!revisions.isEmpty()) {
        changeNotifications.changedSince(revisions).forEach(this::publish);
      }
    }
  }

  void publish(Change change) {
    GenerationTopic topic = topics.get(change.id());
    if (topic != null) {
      switch (change) {
        case Change.Changed(Generation generation) when generation.deleted() ->
            topic.generationDeleted();
        case Change.Changed(Generation generation) -> topic.publish(generation);
        case Change.Removed _ -> topic.generationDeleted();
        // Clients retry, and reach an instance of the newer version or get an error.
        case Change.Unreadable _ -> topic.closeAll();
      }
    }
  }
}
