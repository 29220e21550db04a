package dev.atelier.application.port;

import java.time.Instant;

/**
 * Whose turn it is to ask Skytells how its predictions stand. Skytells counts the requests of an
 * account, so all instances share one turn. It keeps them polite and nothing else: where clocks
 * differ or an instance is slow, two may have it at once, and nothing is lost by it.
 */
public interface Turns {
  /**
   * Takes the turn, if it is free.
   *
   * @param until when it is free again by itself, should nothing more be heard of the taker
   * @return whether it was free
   */
  boolean take(Instant now, Instant until);

  /** Says when the turn that was taken is free again: later, since there is work, or sooner. */
  void keep(Instant until);
}
