package dev.atelier.application.sweep;

import java.time.Duration;

/**
 * Processes due generations, including those whose webhook, create response or instance was lost.
 */
public interface Sweep {
  /**
   * Stores outputs, drains the spool, then polls predictions. Instances may sweep concurrently.
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
   * Counts of generations.
   *
   * @param changed polled and changed
   */
  record Result(int toStore, int toObserve, int toRemove, int changed) {}
}
