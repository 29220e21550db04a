package dev.atelier.bootstrap;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.ProvidesIntoSet;
import dev.atelier.application.port.Dependency;
import dev.atelier.application.port.Generations;
import dev.atelier.persistence.postgres.PostgresDatabase;
import dev.atelier.persistence.postgres.PostgresGenerations;
import dev.atelier.persistence.postgres.PostgresSettings;
import java.time.Duration;

/** Generations in PostgreSQL. */
final class PostgresModule extends AbstractModule {
  /** Connections per instance: enough for the two cores that an instance usually has. */
  private static final int POOL_SIZE = 10;

  /** How long a start waits for a database that is not up yet. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Settings settings;

  PostgresModule(Settings settings) {
    this.settings = settings;
  }

  @Provides
  @Singleton
  PostgresDatabase database() {
    return new PostgresDatabase(
        new PostgresSettings(settings.database().orElseThrow(), POOL_SIZE, PATIENCE));
  }

  @Provides
  @Singleton
  Generations generations(PostgresDatabase database) {
    return new PostgresGenerations(database);
  }

  @ProvidesIntoSet
  Dependency dependency(PostgresDatabase database) {
    return database;
  }
}
