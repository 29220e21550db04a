package dev.atelier.application.sweep;

import java.time.Duration;

/**
 * Processes unfinished generations, including those whose webhook, create response or instance was
 * lost.
 */
public interface Sweep {
  /**
   * Claims due rows, stores outputs, drains the spool, then polls predictions. Any number of
   * instances may sweep concurrently.
   *
   * @throws dev.atelier.application.port.UnavailableException if no rows could be claimed
   */
  Result sweep(Command command);

  /**
   * The limits of a round.
   *
   * @param storeAtMost how long to wait for transfers; they continue in the background
   */
  record Command(Duration storeAtMost) {}

  /**
   * The counts of generations in a round.
   *
   * @param toStore due to be stored
   * @param toObserve due to be polled
   * @param toRemove due to be removed
   * @param changed polled and changed
   */
  record Result(int toStore, int toObserve, int toRemove, int changed) {}
}
