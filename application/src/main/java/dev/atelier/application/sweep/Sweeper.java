package dev.atelier.application.sweep;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the sweep at an interval. */
public final class Sweeper implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Sweeper.class);

  /** While one round waits for Skytells, another stores outputs. */
  private static final int MAX_CONCURRENT_ROUNDS = 2;

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private final Sweep sweep;
  private final Duration interval;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Semaphore idle = new Semaphore(MAX_CONCURRENT_ROUNDS);
  private final AtomicBoolean broken = new AtomicBoolean();

  /**
   * @param interval between the starts of rounds
   */
  public Sweeper(Sweep sweep, Duration interval) {
    this.sweep = sweep;
    this.interval = interval;
  }

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

  private void sweepOnce() {
    try {
      var _ = sweep.sweep(new Sweep.Command(Duration.ZERO));
      if (broken.getAndSet(false)) {
        log.info("sweep recovered");
      }
    } catch (RuntimeException e) {
      if (!broken.getAndSet(true)) {
        log.error("sweep failed, will retry every {} ms", interval.toMillis(), e);
      }
    } finally {
      idle.release();
    }
  }

  /** Waits up to a second for running rounds. */
  @Override
  public void close() {
    closed.countDown();
    try {
      if (!idle.tryAcquire(
          MAX_CONCURRENT_ROUNDS, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        log.debug("a sweep round is still running at shutdown; its generations remain due");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
