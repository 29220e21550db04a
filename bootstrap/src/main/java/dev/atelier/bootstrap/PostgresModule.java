package dev.atelier.bootstrap;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.ProvidesIntoSet;
import com.google.inject.name.Named;
import dev.atelier.application.port.BlobSpool;
import dev.atelier.application.port.Census;
import dev.atelier.application.port.Changes;
import dev.atelier.application.port.Dependency;
import dev.atelier.application.port.Generations;
import dev.atelier.application.port.Turns;
import dev.atelier.http.Metrics;
import dev.atelier.persistence.postgres.PostgresBlobSpool;
import dev.atelier.persistence.postgres.PostgresCensus;
import dev.atelier.persistence.postgres.PostgresChanges;
import dev.atelier.persistence.postgres.PostgresDatabase;
import dev.atelier.persistence.postgres.PostgresGenerations;
import dev.atelier.persistence.postgres.PostgresSettings;
import dev.atelier.persistence.postgres.PostgresTurns;
import java.time.Clock;

/** Binds the PostgreSQL adapters. */
final class PostgresModule extends AbstractModule {
  /** A few hundred images, enough for an outage of the blob store of some minutes. */
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
  PostgresChanges postgresChanges(PostgresDatabase database) {
    return new PostgresChanges(database);
  }

  @Provides
  Changes changes(PostgresChanges changes) {
    return changes;
  }

  @Provides
  @Singleton
  Census census(PostgresDatabase database) {
    return new PostgresCensus(database);
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
  Turns turns(PostgresDatabase database) {
    return new PostgresTurns(database);
  }

  @ProvidesIntoSet
  Dependency dependency(PostgresDatabase database) {
    return database;
  }
}
