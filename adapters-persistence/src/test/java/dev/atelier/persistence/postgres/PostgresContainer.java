package dev.atelier.persistence.postgres;

import org.testcontainers.postgresql.PostgreSQLContainer;

/** A PostgreSQL server in a container that is removed when the JVM ends. */
final class PostgresContainer {
  private PostgresContainer() {}

  /**
   * @return host and port
   * @throws IllegalStateException if Docker is not available; the test then fails
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
