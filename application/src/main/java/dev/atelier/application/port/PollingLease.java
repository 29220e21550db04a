package dev.atelier.application.port;

import java.time.Instant;
import java.util.Optional;

/**
 * Decides which instance may poll Skytells. Skytells counts the requests of an account, so all
 * instances share one turn, and its end is the pace of all of them. It only limits the rate: with
 * clocks that differ two instances may have the turn at once, and nothing is lost.
 */
public interface PollingLease {
  /**
   * Takes the turn, if it is free.
   *
   * @param until when it is free again by itself, if the taker dies
   * @return empty when it was not free
   */
  Optional<Grant> tryAcquire(Instant now, Instant until);

  /**
   * What instances tell each other with the turn.
   *
   * @param listReadAt when one of them last read the newest predictions in the list
   */
  record Grant(Optional<Instant> listReadAt) {}

  /** Sets when the turn that was taken is free again: later, since there is work, or sooner. */
  void holdUntil(Instant until);

  /** The same, and notes when the newest predictions in the list were read. */
  void holdUntil(Instant until, Instant listReadAt);
}
