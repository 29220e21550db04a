package dev.atelier.application.port;

import java.time.Instant;

/** The turn of the instances that share this object. */
public final class InMemoryTurns implements Turns {
  private Instant freeFrom = Instant.MIN;

  @Override
  public synchronized boolean take(Instant now, Instant until) {
    boolean free = !now.isBefore(freeFrom);
    if (free) {
      freeFrom = until;
    }
    return free;
  }

  @Override
  public synchronized void keep(Instant until) {
    freeFrom = until;
  }
}
