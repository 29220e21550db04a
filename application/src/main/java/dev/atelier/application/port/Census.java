package dev.atelier.application.port;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Counts what is unfinished, for the operator. */
@FunctionalInterface
public interface Census {
  /**
   * Counts now.
   *
   * @throws UnavailableException when the store is broken
   */
  Report take();

  /**
   * What is unfinished.
   *
   * @param unfinished how many generations are in each unfinished state, by its name in SQL; none
   *     is left out
   * @param outputsWaiting how many outputs have still to be stored
   * @param oldest when the oldest unfinished generation was accepted
   * @param unreadable how many generations this instance found unreadable within the last hour
   */
  record Report(
      Map<String, Long> unfinished,
      long outputsWaiting,
      Optional<Instant> oldest,
      long unreadable) {
    /** Copies the map. */
    public Report {
      unfinished = Map.copyOf(unfinished);
    }
  }
}
