package dev.atelier.application;

import dev.atelier.application.WatchGeneration.Sight;
import dev.atelier.application.WatchGeneration.Watch;
import dev.atelier.application.port.Changes;
import dev.atelier.application.port.Changes.Change;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that is watched on this instance. However many watch, there is one reader: it asks for
 * what has changed of all that was told to have changed since it asked last, and shows it to who
 * watches. Whether or not it was told anything, it asks for all that is watched every now and then;
 * so what is told late or never is seen a little later, and nobody else has to poll.
 */
public final class Watches implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Watches.class);

  /** The most generations of one question. */
  private static final int BATCH = 1000;

  private final Changes changes;
  private final Duration pollEvery;
  private final ConcurrentMap<GenerationId, Watched> watched = new ConcurrentHashMap<>();
  private final Set<GenerationId> told = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean askForAll = new AtomicBoolean();
  private final Semaphore bell = new Semaphore(0);
  private volatile boolean closed;

  /**
   * Wires it; nothing is read before the {@link #start}.
   *
   * @param pollEvery how often to ask for everything that is watched
   */
  public Watches(Changes changes, Duration pollEvery) {
    this.changes = changes;
    this.pollEvery = pollEvery;
  }

  /** Begins to listen and to read. */
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
    Thread.ofVirtual().name("watches").start(this::read);
  }

  /** Sends everybody home: whoever watches sees no more, now and later. */
  @Override
  public void close() {
    closed = true;
    bell.release();
    watched.values().forEach(Watched::stop);
  }

  /** How many watch at the moment. */
  public int size() {
    return watched.values().stream().mapToInt(Watched::size).sum();
  }

  /** Opens an eye that has seen nothing yet. */
  Eye open(GenerationId id) {
    var eye = new Eye(id);
    watched.compute(
        id,
        (_, before) -> {
          Watched now = before == null ? new Watched() : before;
          now.add(eye);
          return now;
        });
    if (closed) {
      eye.close();
    }
    return eye;
  }

  private void leave(Eye eye) {
    watched.computeIfPresent(eye.id, (_, before) -> before.remove(eye) ? null : before);
  }

  private void read() {
    long poll = System.nanoTime();
    boolean broken = false;
    while (!closed) {
      try {
        long left = poll - System.nanoTime();
        boolean rung = left > 0 && bell.tryAcquire(left, TimeUnit.NANOSECONDS);
        bell.drainPermits();
        if (!rung || askForAll.getAndSet(false)) {
          poll = System.nanoTime() + pollEvery.toNanos();
          told.clear();
          look(List.copyOf(watched.keySet()));
        } else {
          look(takeTold());
        }
        broken = false;
      } catch (UnavailableException e) {
        // The next poll is the next try.
        if (!broken) {
          log.warn(
              "who waits for a generation cannot be told how it stands at the moment: {}",
              e.reason());
        }
        broken = true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        log.error("who waits for a generation cannot be told how it stands", e);
      }
    }
  }

  private List<GenerationId> takeTold() {
    List<GenerationId> taken = List.copyOf(told);
    taken.forEach(told::remove);
    return taken;
  }

  private void look(List<GenerationId> ids) {
    for (int from = 0; from < ids.size(); from += BATCH) {
      Map<GenerationId, Integer> seen = new HashMap<>();
      for (GenerationId id : ids.subList(from, Math.min(ids.size(), from + BATCH))) {
        Watched watching = watched.get(id);
        if (watching != null) {
          seen.put(id, watching.revision());
        }
      }
      if (!seen.isEmpty()) {
        changes.since(seen).forEach(this::show);
      }
    }
  }

  private void show(Change change) {
    Watched watching = watched.get(change.id());
    if (watching != null) {
      switch (change) {
        case Change.Moved(Generation now) when now.deleted() -> watching.gone();
        case Change.Moved(Generation now) -> watching.show(now);
        case Change.Gone _ -> watching.gone();
        // Clients ask again, and reach a version that can read it, or are told that this one
        // cannot.
        case Change.Unreadable _ -> watching.stop();
      }
    }
  }

  /** One generation, and who watches it. */
  private static final class Watched {
    private final Collection<Eye> eyes = new HashSet<>();
    private @Nullable Generation latest;

    synchronized void add(Eye eye) {
      eyes.add(eye);
      if (latest != null) {
        eye.show(latest);
      }
    }

    /** Whether it was the last one. */
    synchronized boolean remove(Eye eye) {
      eyes.remove(eye);
      return eyes.isEmpty();
    }

    synchronized int size() {
      return eyes.size();
    }

    synchronized int revision() {
      return latest == null ? -1 : latest.revision();
    }

    synchronized void show(Generation generation) {
      if (generation.revision() > revision()) {
        latest = generation;
        eyes.forEach(eye -> eye.show(generation));
      }
    }

    synchronized void gone() {
      eyes.forEach(Eye::gone);
    }

    synchronized void stop() {
      eyes.forEach(Eye::stop);
    }
  }

  /** A watch. What it is shown comes from any thread; what it sees, one thread asks for. */
  final class Eye implements Watch {
    private final GenerationId id;
    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable Generation shown;
    private @Nullable Generation seen;
    private boolean gone;
    private boolean over;

    private Eye(GenerationId id) {
      this.id = id;
    }

    /** The first look; who watches the same generation sees it too, if it is new to them. */
    void begin(Generation found) {
      Watched watching = watched.get(id);
      if (watching != null) {
        watching.show(found);
      }
      show(found);
      lock.lock();
      try {
        seen = shown;
      } finally {
        lock.unlock();
      }
    }

    private void show(Generation generation) {
      lock.lock();
      try {
        if (shown == null || generation.revision() > shown.revision()) {
          shown = generation;
          changed.signal();
        }
      } finally {
        lock.unlock();
      }
    }

    private void gone() {
      lock.lock();
      try {
        gone = true;
        stop();
      } finally {
        lock.unlock();
      }
    }

    private void stop() {
      lock.lock();
      try {
        over = true;
        changed.signal();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public Generation generation() {
      if (seen == null) {
        throw new IllegalStateException("nothing was seen yet");
      }
      return seen;
    }

    @Override
    public Sight next(Duration atMost) {
      long left = atMost.toNanos();
      lock.lock();
      try {
        while (true) {
          if (over) {
            return new Sight.Over();
          }
          if (shown != null && isNews(shown)) {
            seen = shown;
            return new Sight.Moved(shown);
          }
          if (left <= 0) {
            return new Sight.Unchanged();
          }
          left = changed.awaitNanos(left);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Sight.Over();
      } finally {
        lock.unlock();
      }
    }

    private boolean isNews(Generation generation) {
      return seen == null || generation.revision() > seen.revision();
    }

    @Override
    public Optional<Generation> end(Duration atMost) {
      long deadline = System.nanoTime() + atMost.toNanos();
      while (generation().isActive()) {
        switch (next(Duration.ofNanos(deadline - System.nanoTime()))) {
          case Sight.Moved _ -> {}
          case Sight.Over _ -> {
            return isGone() ? Optional.empty() : Optional.of(generation());
          }
          case Sight.Unchanged _ -> {
            return lastLook();
          }
        }
      }
      return Optional.of(generation());
    }

    /** What was not told in time is seen all the same. */
    private Optional<Generation> lastLook() {
      look(List.of(id));
      var _ = next(Duration.ZERO);
      return isGone() ? Optional.empty() : Optional.of(generation());
    }

    private boolean isGone() {
      lock.lock();
      try {
        return gone;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      stop();
      leave(this);
    }
  }
}
