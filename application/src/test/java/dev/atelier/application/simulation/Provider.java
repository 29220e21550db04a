package dev.atelier.application.simulation;

import java.time.Duration;

/**
 * The behaviour of the simulated Skytells.
 *
 * @param callsPerMinute the limit of the account, including creates; 0 for none
 */
record Provider(ListForm list, Filters filters, int callsPerMinute, Duration latency) {
  private static final Duration LATENCY = Duration.ofMillis(150);

  /** The behaviour of the list. */
  enum ListForm {
    /** Newest first, with pages. */
    PAGED,
    /** Oldest first, with pages. */
    OLDEST_FIRST,
    /** Every page shows the newest 50. */
    NEWEST_50,
    /** The list is refused. */
    REFUSED
  }

  /** The behaviour of list filters. */
  enum Filters {
    HONOURED,
    IGNORED,
    REFUSED,
    /** The result is empty. */
    EMPTY
  }

  static Provider unlimited(ListForm list) {
    return new Provider(list, Filters.IGNORED, 0, LATENCY);
  }

  Provider with(Filters next) {
    return new Provider(list, next, callsPerMinute, latency);
  }

  /** With a limit that responses report. */
  Provider limitedTo(int perMinute) {
    return new Provider(list, filters, perMinute, latency);
  }
}
