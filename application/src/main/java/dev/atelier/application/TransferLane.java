package dev.atelier.application;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;

/**
 * How many outputs of one kind are under way at once: each takes a permit, and who comes first is
 * served first.
 *
 * <p>A transfer that is slow is still the only copy of something that was paid for, and may arrive
 * in time; so it keeps its permit, unless that serves nobody. One that is so slow that the four
 * minutes it has would bring less than a megabyte gives its permit to one that waits, and is tried
 * again behind it. While nobody waits it goes on. As many give way as wait, and no more.
 */
final class TransferLane {
  /** What is slower brings less than a megabyte in four minutes. */
  static final long HOPELESS_BYTES_PER_SECOND = 4 * 1024;

  /** For how long nobody is called hopeless. */
  static final Duration HEAD_START = Duration.ofSeconds(10);

  private final Semaphore permits;
  private final LongSupplier nanoTime;
  private int givingWay;

  /**
   * Nothing is under way yet.
   *
   * @param nanoTime as {@link System#nanoTime()}: what the clock says may be set, and leap
   */
  TransferLane(int permits, LongSupplier nanoTime) {
    this.permits = new Semaphore(permits, true);
    this.nanoTime = nanoTime;
  }

  /** Waits for a permit. */
  Permit enter() throws InterruptedException {
    permits.acquire();
    return new Permit();
  }

  /** How many wait for a permit. */
  int waiting() {
    return permits.getQueueLength();
  }

  private synchronized boolean isOneMoreWaiting() {
    if (givingWay < waiting()) {
      givingWay++;
      return true;
    }
    return false;
  }

  /** What a transfer holds until it is closed. */
  final class Permit implements AutoCloseable {
    private boolean givesWay;

    private Permit() {}

    /**
     * The same bytes, which break off where this transfer has to give way.
     *
     * @param bytes closed with the stream
     */
    InputStream paced(InputStream bytes) {
      return new PacedInputStream(bytes, this);
    }

    private void giveWay() throws IOException {
      if (givesWay || isOneMoreWaiting()) {
        givesWay = true;
        throw new GaveWayException();
      }
    }

    @Override
    public void close() {
      synchronized (TransferLane.this) {
        givingWay -= givesWay ? 1 : 0;
        permits.release();
      }
    }
  }

  /** Another transfer waited for the permit of one that was hopeless. */
  static final class GaveWayException extends IOException {
    private static final long serialVersionUID = 1L;

    GaveWayException() {
      super("too slow while others wait");
    }
  }

  /** Only the time in which bytes are waited for counts: where they go may be slow as well. */
  private final class PacedInputStream extends FilterInputStream {
    private final Permit permit;
    private Duration waited = Duration.ZERO;
    private long arrived;

    PacedInputStream(InputStream bytes, Permit permit) {
      super(bytes);
      this.permit = permit;
    }

    @Override
    public int read() throws IOException {
      long begun = nanoTime.getAsLong();
      int read = super.read();
      count(begun, read < 0 ? -1 : 1);
      return read;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      long begun = nanoTime.getAsLong();
      int read = super.read(into, offset, length);
      count(begun, read);
      return read;
    }

    private void count(long begun, int read) throws IOException {
      waited = waited.plusNanos(nanoTime.getAsLong() - begun);
      arrived += Math.max(read, 0);
      boolean hopeless =
          waited.compareTo(HEAD_START) > 0
              && arrived < HOPELESS_BYTES_PER_SECOND * waited.toSeconds();
      if (read >= 0 && hopeless) {
        permit.giveWay();
      }
    }
  }
}
