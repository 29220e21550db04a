package dev.atelier.bootstrap;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.ProvidesIntoSet;
import com.google.inject.name.Named;
import dev.atelier.application.port.BacklogMetrics;
import dev.atelier.application.port.BlobSpool;
import dev.atelier.application.port.ChangeNotifications;
import dev.atelier.application.port.Dependency;
import dev.atelier.application.port.Generations;
import dev.atelier.application.port.PollingLease;
import dev.atelier.application.port.PublishedModels;
import dev.atelier.application.port.Uploads;
import dev.atelier.application.port.UsageReports;
import dev.atelier.http.metrics.Metrics;
import dev.atelier.persistence.postgres.PostgresBacklogMetrics;
import dev.atelier.persistence.postgres.PostgresBlobSpool;
import dev.atelier.persistence.postgres.PostgresChangeNotifications;
import dev.atelier.persistence.postgres.PostgresDatabase;
import dev.atelier.persistence.postgres.PostgresGenerations;
import dev.atelier.persistence.postgres.PostgresPollingLease;
import dev.atelier.persistence.postgres.PostgresPublishedModels;
import dev.atelier.persistence.postgres.PostgresSettings;
import dev.atelier.persistence.postgres.PostgresUploads;
import dev.atelier.persistence.postgres.PostgresUsageReports;
import java.time.Clock;

/** Binds the PostgreSQL adapters. */
final class PostgresModule extends AbstractModule {
  /** In bytes. A few hundred images, enough for a blob store outage of some minutes. */
  private static final long SPOOL_CAPACITY = 1L << 30;

  private final Settings settings;

  PostgresModule(Settings settings) {
    this.settings = settings;
  }

  @Provides
  @Singleton
  PostgresDatabase database(Clock clock) {
    return new PostgresDatabase(PostgresSettings.of(settings.database().orElseThrow()), clock);
  }

  @Provides
  @Singleton
  Generations generations(PostgresDatabase database, Metrics metrics) {
    return metrics.counting(new PostgresGenerations(database));
  }

  @Provides
  @Singleton
  Uploads uploads(PostgresDatabase database) {
    return new PostgresUploads(database);
  }

  @Provides
  @Singleton
  UsageReports usageReports(PostgresDatabase database) {
    return new PostgresUsageReports(database);
  }

  @Provides
  @Singleton
  PublishedModels publishedModels(PostgresDatabase database) {
    return new PostgresPublishedModels(database);
  }

  @Provides
  @Singleton
  PostgresChangeNotifications postgresChangeNotifications(PostgresDatabase database) {
    return new PostgresChangeNotifications(database);
  }

  @Provides
  ChangeNotifications changeNotifications(PostgresChangeNotifications changes) {
    return changes;
  }

  @Provides
  @Singleton
  BacklogMetrics backlogMetrics(PostgresDatabase database) {
    return new PostgresBacklogMetrics(database);
  }

  @Provides
  @Singleton
  PostgresBlobSpool postgresSpool(PostgresDatabase database, Clock clock) {
    return new PostgresBlobSpool(database, SPOOL_CAPACITY, clock);
  }

  @Provides
  @Singleton
  BlobSpool spool(PostgresBlobSpool spool) {
    return spool;
  }

  @ProvidesIntoSet
  @Named("storage")
  Dependency spoolDependency(PostgresBlobSpool spool) {
    return spool;
  }

  @Provides
  @Singleton
  PollingLease pollingLease(PostgresDatabase database) {
    return new PostgresPollingLease(database);
  }

  @ProvidesIntoSet
  Dependency dependency(PostgresDatabase database) {
    return database;
  }
}
