package dev.atelier.application;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sweeps again and again, for as long as the service runs. */
public final class Sweeper implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Sweeper.class);

  private final Sweep sweep;
  private final Duration interval;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = Thread.ofPlatform().name("sweep").daemon().unstarted(this::run);

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
    thread.start();
  }

  private void run() {
    boolean broken = false;
    try {
      do {
        broken = sweepOnce(broken);
      } while (!closed.await(interval.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One that fails is told once, not every second; the next one tries again. */
  private boolean sweepOnce(boolean wasBroken) {
    try {
      var _ = sweep.sweep(new Sweep.Command(Duration.ZERO));
      if (wasBroken) {
        log.info("sweeping again");
      }
      return false;
    } catch (RuntimeException e) {
      if (!wasBroken) {
        log.error("the sweep fails; it is tried again every {} ms", interval.toMillis(), e);
      }
      return true;
    }
  }

  /** Begins no further round; one that has begun is finished. */
  @Override
  public void close() {
    closed.countDown();
    try {
      if (thread.isAlive()) {
        thread.join(Duration.ofSeconds(2));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
