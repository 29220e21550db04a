package dev.atelier.application.store;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;

/**
 * Limits the concurrent transfers of one kind, in order of arrival.
 *
 * <p>A slow transfer may hold the only copy of a paid output, so it is preempted only while another
 * waits, if it would take more than four minutes per megabyte.
 */
final class TransferLimiter {
  /** About one megabyte in four minutes. */
  static final long MIN_BYTES_PER_SECOND = 4 * 1024;

  static final Duration GRACE_PERIOD = Duration.ofSeconds(10);

  private final Semaphore permits;
  private final LongSupplier nanoTime;
  private int preemptedCount;

  TransferLimiter(int permits, LongSupplier nanoTime) {
    this.permits = new Semaphore(permits, true);
    this.nanoTime = nanoTime;
  }

  Permit acquire() throws InterruptedException {
    permits.acquire();
    return new Permit();
  }

  int waiting() {
    return permits.getQueueLength();
  }

  private synchronized boolean mayPreempt() {
    if (preemptedCount < waiting()) {
      preemptedCount++;
      return true;
    }
    return false;
  }

  final class Permit implements AutoCloseable {
    private boolean preempted;

    private Permit() {}

    /** The stream fails when this transfer is preempted. */
    InputStream preemptible(InputStream bytes) {
      return new PreemptibleInputStream(bytes, this);
    }

    private void preemptIfOthersWait() throws IOException {
      if (preempted || mayPreempt()) {
        preempted = true;
        throw new PreemptedException();
      }
    }

    @Override
    public void close() {
      synchronized (TransferLimiter.this) {
        preemptedCount -= preempted ? 1 : 0;
        permits.release();
      }
    }
  }

  static final class PreemptedException extends IOException {
    private static final long serialVersionUID = 1L;

    PreemptedException() {
      super("transfer too slow; other transfers are waiting");
    }
  }

  /** Counts only reads, because the destination may be slow as well. */
  private final class PreemptibleInputStream extends FilterInputStream {
    private final Permit permit;
    private Duration readTime = Duration.ZERO;
    private long received;

    PreemptibleInputStream(InputStream bytes, Permit permit) {
      super(bytes);
      this.permit = permit;
    }

    @Override
    public int read() throws IOException {
      long start = nanoTime.getAsLong();
      int value = super.read();
      measure(start, value < 0 ? -1 : 1);
      return value;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      long start = nanoTime.getAsLong();
      int count = super.read(into, offset, length);
      measure(start, count);
      return count;
    }

    private void measure(long start, int count) throws IOException {
      readTime = readTime.plusNanos(nanoTime.getAsLong() - start);
      received += Math.max(count, 0);
      boolean tooSlow =
          readTime.compareTo(GRACE_PERIOD) > 0
              && received < MIN_BYTES_PER_SECOND * readTime.toSeconds();
      if (count >= 0 && tooSlow) {
        permit.preemptIfOthersWait();
      }
    }
  }
}
