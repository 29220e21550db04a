package dev.atelier.application.port;

import java.time.Instant;
import java.util.Optional;

/** The turn of the instances that share this object. */
public final class InMemoryTurns implements Turns {
  private Instant freeFrom = Instant.MIN;
  private Optional<Instant> listReadAt = Optional.empty();

  @Override
  public synchronized Optional<Turn> take(Instant now, Instant until) {
    if (now.isBefore(freeFrom)) {
      return Optional.empty();
    }
    freeFrom = until;
    return Optional.of(new Turn(listReadAt));
  }

  @Override
  public synchronized void keep(Instant until) {
    freeFrom = until;
  }

  @Override
  public synchronized void keep(Instant until, Instant readAt) {
    freeFrom = until;
    listReadAt = Optional.of(readAt);
  }
}
