package dev.atelier.persistence.postgres;

import dev.atelier.application.port.Generations;
import dev.atelier.application.port.UsageReports;
import dev.atelier.application.port.UsageReportsContract;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;

class PostgresUsageReportsIT implements UsageReportsContract {
  @AutoClose
  private final PostgresDatabase database =
      new PostgresDatabase(PostgresServer.settings(PostgresServer.shared().newDatabase()));

  @BeforeEach
  void start() {
    database.start();
  }

  @Override
  public UsageReports usageReports() {
    return new PostgresUsageReports(database);
  }

  @Override
  public Generations generations() {
    return new PostgresGenerations(database);
  }
}
