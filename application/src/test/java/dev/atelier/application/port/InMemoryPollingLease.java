package dev.atelier.application.port;

import java.time.Instant;
import java.util.Optional;

/** An in-memory {@link PollingLease}, shared by the instances that use this object. */
public final class InMemoryPollingLease implements PollingLease {
  private Instant freeFrom = Instant.MIN;
  private Optional<Instant> listReadAt = Optional.empty();

  @Override
  public synchronized Optional<Grant> tryAcquire(Instant now, Instant until) {
    if (now.isBefore(freeFrom)) {
      return Optional.empty();
    }
    freeFrom = until;
    return Optional.of(new Grant(listReadAt));
  }

  @Override
  public synchronized void holdUntil(Instant until) {
    freeFrom = until;
  }

  @Override
  public synchronized void holdUntil(Instant until, Instant readAt) {
    freeFrom = until;
    listReadAt = Optional.of(readAt);
  }
}
