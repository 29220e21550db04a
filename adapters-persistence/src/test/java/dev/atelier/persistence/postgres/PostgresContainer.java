package dev.atelier.persistence.postgres;

import org.testcontainers.postgresql.PostgreSQLContainer;

/** A PostgreSQL server in a container, which is removed with the JVM. */
final class PostgresContainer {
  private PostgresContainer() {}

  /**
   * Starts it.
   *
   * @return its host and port
   * @throws IllegalStateException when there is no Docker; a test that was to run on it has failed
   */
  static String start() {
    var container =
        new PostgreSQLContainer("postgres:18")
            .withDatabaseName("postgres")
            .withUsername("postgres")
            .withPassword("postgres");
    container.withCommand("postgres", "-c", "fsync=off", "-c", "max_connections=300");
    try {
      container.start();
    } catch (RuntimeException e) {
      throw new IllegalStateException("-Dpostgres=testcontainers needs a Docker that works", e);
    }
    return container.getHost() + ":" + container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT);
  }
}
