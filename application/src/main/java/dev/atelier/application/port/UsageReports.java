package dev.atelier.application.port;

import dev.atelier.domain.UserId;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** What was spent. Deleted generations are included. */
public interface UsageReports {
  /**
   * Sums the generations that were created within these days, in descending order of days, or in
   * ascending order of models or users.
   *
   * @throws UnavailableException if the database is unavailable
   */
  List<Entry> usage(Query query);

  /**
   * A period, and what to sum by.
   *
   * @param owner empty for all owners
   * @param from the first UTC day
   * @param to the last UTC day
   */
  record Query(Optional<UserId> owner, LocalDate from, LocalDate to, Grouping by) {}

  /** What one sum is for. */
  enum Grouping {
    DAY,
    MODEL,
    USER
  }

  /**
   * One sum.
   *
   * @param group the day, model or user
   * @param currency empty for generations of unknown cost
   * @param generations their number
   * @param amount their cost
   */
  record Entry(String group, Optional<String> currency, long generations, BigDecimal amount) {
    /** Removes trailing zeros, so that equal amounts are equal. */
    public Entry {
      BigDecimal shortest = amount.stripTrailingZeros();
      amount = shortest.scale() < 0 ? shortest.setScale(0) : shortest;
    }
  }
}
