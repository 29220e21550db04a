package dev.atelier.application;

import dev.atelier.application.port.Changes;
import dev.atelier.domain.GenerationId;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Wakes the listeners of this process. */
public final class InProcessChanges implements Changes, AutoCloseable {
  private final ConcurrentMap<GenerationId, Set<Ear>> ears = new ConcurrentHashMap<>();
  private volatile boolean closed;

  @Override
  public void announce(GenerationId id) {
    ears.getOrDefault(id, Set.of()).forEach(Ear::wake);
  }

  @Override
  public Watch watch(GenerationId id) {
    var ear = new Ear(id);
    ears.compute(
        id,
        (_, listening) -> {
          Set<Ear> set = listening == null ? ConcurrentHashMap.newKeySet() : listening;
          set.add(ear);
          return set;
        });
    return ear;
  }

  /** Sends every listener home; later ones do not wait. */
  @Override
  public void close() {
    closed = true;
    ears.values().forEach(listening -> listening.forEach(Ear::wake));
  }

  private final class Ear implements Watch {
    private final GenerationId id;
    private final Semaphore announced = new Semaphore(0);

    private Ear(GenerationId id) {
      this.id = id;
    }

    private void wake() {
      announced.release();
    }

    @Override
    public boolean awaitChange(Duration atMost) {
      if (closed) {
        return false;
      }
      try {
        boolean woken = announced.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS);
        announced.drainPermits();
        return woken && !closed;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    @Override
    public void close() {
      ears.computeIfPresent(
          id,
          (_, listening) -> {
            listening.remove(this);
            return listening.isEmpty() ? null : listening;
          });
    }
  }
}
