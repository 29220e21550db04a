package dev.atelier.bootstrap;

import dev.atelier.persistence.postgres.PostgresServer;
import dev.atelier.persistence.postgres.PostgresUrl;

/** A new database on the shared PostgreSQL of the tests; dropped on close. */
final class TestDatabase implements AutoCloseable {
  private final PostgresUrl database = PostgresServer.shared().newDatabase();

  /** For {@code DATABASE_URL}. */
  String url() {
    return "postgresql://postgres:postgres@" + database.address();
  }

  String jdbcUrl() {
    return "jdbc:postgresql://" + database.address() + "?user=postgres&password=postgres";
  }

  @Override
  public void close() {
    PostgresServer.shared().drop(database);
  }
}
