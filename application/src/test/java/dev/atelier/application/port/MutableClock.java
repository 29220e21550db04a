package dev.atelier.application.port;

import dev.atelier.domain.Generations;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that tests advance. */
public final class MutableClock extends Clock {
  private volatile Instant now = Generations.CREATED;
  private volatile long nanos;

  /** Advances the time. */
  public synchronized void advance(Duration by) {
    now = now.plus(by);
    nanos += by.toNanos();
  }

  /** Sets the clock without advancing {@link #nanoTime()}. */
  public synchronized void set(Instant to) {
    now = to;
  }

  /** The elapsed time, as {@link System#nanoTime()}. */
  public long nanoTime() {
    return nanos;
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException();
  }
}
