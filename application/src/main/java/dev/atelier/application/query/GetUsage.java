package dev.atelier.application.query;

import dev.atelier.application.port.UsageReports.Entry;
import dev.atelier.application.port.UsageReports.Grouping;
import java.time.LocalDate;
import java.util.List;

/** Reports what was spent. */
public interface GetUsage {
  /** Sums the generations within the scope. */
  List<Entry> get(Query query);

  /**
   * A period within the caller's scope.
   *
   * @param from the first UTC day
   * @param to the last UTC day
   */
  record Query(AccessScope scope, LocalDate from, LocalDate to, Grouping by) {}
}
