package dev.atelier.application;

import java.time.Duration;

/**
 * Looks at what is unfinished, whether or not anything was heard of it: the path by which a
 * generation comes forward when its webhook, its reply or the instance that cared for it is lost.
 */
public interface Sweep {
  /**
   * One round: takes what is due, stores outputs first, moves spooled blobs on, then looks at
   * predictions. Any number of instances may sweep at the same time.
   *
   * @throws dev.atelier.application.port.UnavailableException when nothing could be taken
   */
  Result sweep(Command command);

  /**
   * What the round may cost.
   *
   * @param storeAtMost how long to wait for bytes that are under way to the storage; they go on
   *     behind it
   */
  record Command(Duration storeAtMost) {}

  /**
   * What the round found.
   *
   * @param toStore generations whose outputs were due to be stored
   * @param toObserve generations whose predictions were due to be looked at
   * @param toRemove generations that were deleted and due to be removed
   * @param moved how many of those to be looked at came forward
   */
  record Result(int toStore, int toObserve, int toRemove, int moved) {}
}
