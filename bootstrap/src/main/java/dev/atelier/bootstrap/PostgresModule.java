package dev.atelier.bootstrap;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.ProvidesIntoSet;
import dev.atelier.application.port.Census;
import dev.atelier.application.port.Dependency;
import dev.atelier.application.port.Generations;
import dev.atelier.http.Metrics;
import dev.atelier.persistence.postgres.PostgresCensus;
import dev.atelier.persistence.postgres.PostgresDatabase;
import dev.atelier.persistence.postgres.PostgresGenerations;
import dev.atelier.persistence.postgres.PostgresSettings;

/** Generations in PostgreSQL. */
final class PostgresModule extends AbstractModule {
  private final Settings settings;

  PostgresModule(Settings settings) {
    this.settings = settings;
  }

  @Provides
  @Singleton
  PostgresDatabase database() {
    return new PostgresDatabase(PostgresSettings.of(settings.database().orElseThrow()));
  }

  @Provides
  @Singleton
  Generations generations(PostgresDatabase database, Metrics metrics) {
    return metrics.counting(new PostgresGenerations(database));
  }

  @Provides
  @Singleton
  Census census(PostgresDatabase database) {
    return new PostgresCensus(database);
  }

  @ProvidesIntoSet
  Dependency dependency(PostgresDatabase database) {
    return database;
  }
}
