package dev.atelier.application.port;

import java.time.Instant;
import java.util.Optional;

/**
 * A lease for polling Skytells. Skytells limits the requests of an account, so all instances share
 * one lease, and its end sets the rate of all. It only limits the rate: if clocks differ and two
 * instances hold it at once, nothing is lost.
 */
public interface PollingLease {
  /**
   * Acquires the lease if it is free.
   *
   * @param until when it expires by itself if the holder dies
   */
  Optional<Grant> tryAcquire(Instant now, Instant until);

  /**
   * What instances share through the lease.
   *
   * @param listReadAt when one of them last read the newest predictions from the list
   */
  record Grant(Optional<Instant> listReadAt) {}

  /** Sets when the acquired lease expires: later if there is work, or earlier. */
  void holdUntil(Instant until);

  /** Also records when the newest predictions were read from the list. */
  void holdUntil(Instant until, Instant listReadAt);
}
