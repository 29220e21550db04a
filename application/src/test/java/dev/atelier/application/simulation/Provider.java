package dev.atelier.application.simulation;

import java.time.Duration;

/**
 * What the simulated Skytells is like.
 *
 * @param list the form of its list
 * @param filters what it does with filters of the list
 * @param callsPerMinute of the account, creates included; 0 is no limit
 * @param tellsLimit whether answers have rate-limit headers
 * @param latency of each call
 */
record Provider(
    ListForm list, Filters filters, int callsPerMinute, boolean tellsLimit, Duration latency) {
  private static final Duration LATENCY = Duration.ofMillis(150);

  /** The form of a list. */
  enum ListForm {
    /** Newest first, any page. */
    PAGED,
    /** Oldest first, any page. */
    OLDEST_FIRST,
    /** The newest 50, whatever the page. */
    NEWEST_50,
    /** There is none. */
    REFUSED
  }

  /** What becomes of a filter. */
  enum Filters {
    HONOURED,
    IGNORED,
    REFUSED,
    /** Taken for one that nothing matches. */
    EMPTY
  }

  static Provider unlimited(ListForm list) {
    return new Provider(list, Filters.IGNORED, 0, false, LATENCY);
  }

  Provider with(Filters next) {
    return new Provider(list, next, callsPerMinute, tellsLimit, latency);
  }

  /** The account may make so many calls a minute, and is told so. */
  Provider limitedTo(int perMinute) {
    return new Provider(list, filters, perMinute, true, latency);
  }

  Provider silent() {
    return new Provider(list, filters, callsPerMinute, false, latency);
  }
}
