package dev.atelier.application.query;

import dev.atelier.application.port.UsageReports;
import dev.atelier.application.port.UsageReports.Entry;
import java.util.List;

/** Restricts reports to the caller's scope. */
public final class GetUsageService implements GetUsage {
  private final UsageReports reports;

  public GetUsageService(UsageReports reports) {
    this.reports = reports;
  }

  @Override
  public List<Entry> get(Query query) {
    return reports.usage(
        new UsageReports.Query(query.scope().owner(), query.from(), query.to(), query.by()));
  }
}
