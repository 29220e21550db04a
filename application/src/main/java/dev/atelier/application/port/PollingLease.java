package dev.atelier.application.port;

import java.time.Instant;
import java.util.Optional;

/**
 * A lease for polling Skytells, which limits the requests of an account. All instances share it: no
 * instance polls before it expires, which limits their total rate. If clocks differ, two instances
 * may hold it at once; this raises the rate but does no other harm.
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
