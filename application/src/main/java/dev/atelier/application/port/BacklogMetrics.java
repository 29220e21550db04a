package dev.atelier.application.port;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Counts unfinished work, for metrics. */
@FunctionalInterface
public interface BacklogMetrics {
  /**
   * Counts now.
   *
   * @throws UnavailableException if the database is unavailable
   */
  Report count();

  /**
   * The unfinished work.
   *
   * @param unfinished the number of generations in each unfinished state, by its SQL name,
   *     including zeros
   * @param outputsWaiting the number of outputs still to be stored
   * @param oldest when the oldest unfinished generation was accepted
   * @param unreadable the generations that this instance found unreadable in the last hour
   */
  record Report(
      Map<String, Long> unfinished,
      long outputsWaiting,
      Optional<Instant> oldest,
      long unreadable) {
    public Report {
      unfinished = Map.copyOf(unfinished);
    }
  }
}
