package dev.atelier.application.sweep;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sweeps again and again, for as long as the service runs. */
public final class Sweeper implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Sweeper.class);

  /** While one waits for a slow Skytells, another sees to what is to be stored. */
  private static final int AT_ONCE = 2;

  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(1);

  private final Sweep sweep;
  private final Duration interval;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Semaphore idle = new Semaphore(AT_ONCE);
  private final AtomicBoolean broken = new AtomicBoolean();

  /**
   * Wires the sweeper; {@link #start()} begins.
   *
   * @param interval between two rounds; a round that finds nothing costs a few looks at an index
   */
  public Sweeper(Sweep sweep, Duration interval) {
    this.sweep = sweep;
    this.interval = interval;
  }

  /** Begins to sweep. */
  public void start() {
    Thread.ofVirtual().name("sweeper").start(this::run);
  }

  private void run() {
    try {
      do {
        if (idle.tryAcquire()) {
          Thread.ofVirtual().name("sweep").start(this::sweepOnce);
        }
      } while (!closed.await(interval.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One that fails is told once, not every second; the next one tries again. */
  private void sweepOnce() {
    try {
      var _ = sweep.sweep(new Sweep.Command(Duration.ZERO));
      if (broken.getAndSet(false)) {
        log.info("sweeping again");
      }
    } catch (RuntimeException e) {
      if (!broken.getAndSet(true)) {
        log.error("the sweep fails; it is tried again every {} ms", interval.toMillis(), e);
      }
    } finally {
      idle.release();
    }
  }

  /** Begins no further round; one that has begun is waited for, though not for long. */
  @Override
  public void close() {
    closed.countDown();
    try {
      if (!idle.tryAcquire(AT_ONCE, CLOSE_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        log.debug("a round goes on while the service stops; what it leaves is due again");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
