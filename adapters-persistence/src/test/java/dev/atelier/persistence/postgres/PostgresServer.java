package dev.atelier.persistence.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The PostgreSQL server of all tests of a JVM: embedded or, with {@code -Dpostgres=testcontainers},
 * in a container. Sessions have hostile defaults: a time zone that is neither UTC nor the JVM's,
 * and isolation level repeatable read.
 */
public final class PostgresServer {
  /** The time zone of every session, 05:45 ahead of UTC. */
  public static final String TIME_ZONE = "Asia/Kathmandu";

  /** The connections of an instance with {@link #settings}. */
  public static final int POOL_SIZE = 8;

  private static final String EMPTY = "atelier_empty";
  private static final String MIGRATED = "atelier_migrated";

  private static final class Shared {
    static final PostgresServer SERVER = new PostgresServer();
  }

  private final AtomicInteger databases = new AtomicInteger();
  private final String address;

  private PostgresServer() {
    address =
        switch (System.getProperty("postgres", "embedded")) {
          case "embedded" -> startEmbedded();
          case "testcontainers" -> PostgresContainer.start();
          default ->
              throw new IllegalStateException("-Dpostgres must be embedded or testcontainers");
        };
    execute("postgres", "CREATE DATABASE " + EMPTY);
    // The driver sets the JVM's time zone when it connects; a login trigger runs after that.
    execute(
        EMPTY,
        """
        CREATE SCHEMA hostile;
        CREATE FUNCTION hostile.set_time_zone() RETURNS event_trigger LANGUAGE plpgsql AS
          $$ BEGIN PERFORM set_config('TimeZone', '%s', false); END $$;
        CREATE EVENT TRIGGER set_time_zone ON login EXECUTE FUNCTION hostile.set_time_zone();
        """
            .formatted(TIME_ZONE));
    copy(EMPTY, MIGRATED);
    try (var database = new PostgresDatabase(settings(url(MIGRATED)))) {
      database.start();
    }
  }

  private static String startEmbedded() {
    try {
      return "localhost:" + EmbeddedPostgres.start().getPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts another server, which the caller can stop and start again with the same data.
   *
   * @param port 0 for any free port
   */
  static EmbeddedPostgres startSeparate(Path folder, int port) throws IOException {
    var builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(folder.resolve("data"))
            .setCleanDataDirectory(false);
    return (port == 0 ? builder : builder.setPort(port)).start();
  }

  /** The server of this JVM, started on first use and stopped with the JVM. */
  public static PostgresServer shared() {
    return Shared.SERVER;
  }

  /** The URL of a new database with Atelier's schema and no rows. */
  public PostgresUrl newDatabase() {
    return url(copy(MIGRATED, "atelier_" + databases.incrementAndGet()));
  }

  /** The URL of a new empty database. */
  public PostgresUrl newEmptyDatabase() {
    return url(copy(EMPTY, "atelier_" + databases.incrementAndGet()));
  }

  /** Drops a database despite open connections; many databases slow down the stop. */
  public void drop(PostgresUrl url) {
    String name = url.address().substring(url.address().indexOf('/') + 1);
    execute("postgres", "DROP DATABASE " + name + " WITH (FORCE)");
  }

  /** Settings with long timeouts, for a busy test machine. */
  public static PostgresSettings settings(PostgresUrl url) {
    return new PostgresSettings(url, POOL_SIZE, Duration.ofSeconds(30), Duration.ofSeconds(10));
  }

  private String copy(String template, String name) {
    execute("postgres", "CREATE DATABASE " + name + " TEMPLATE " + template);
    execute(
        "postgres",
        "ALTER DATABASE " + name + " SET default_transaction_isolation = 'repeatable read'");
    return name;
  }

  private PostgresUrl url(String database) {
    return PostgresUrl.parse("postgresql://postgres:postgres@" + address + "/" + database);
  }

  private void execute(String database, String sql) {
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://" + address + "/" + database, "postgres", "postgres");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
