package dev.atelier.persistence.postgres;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;

/**
 * The migrations {@code db/migration/V{n}__{name}.sql}. Flyway is slow to start, so it runs only on
 * an older schema.
 */
final class Migrations {
  private static final String FOLDER = "db/migration";
  private static final Pattern FILE = Pattern.compile("V([0-9]+)__[a-z0-9_]+\\.sql");

  private Migrations() {}

  static int newest(ClassLoader classPath) {
    return names(requireNonNull(classPath.getResource(FOLDER), FOLDER)).stream()
        .flatMap(name -> FILE.matcher(name).results())
        .map(MatchResult::group)
        .mapToInt(name -> Integer.parseInt(name.substring(1, name.indexOf("__"))))
        .max()
        .orElseThrow();
  }

  private static List<String> names(URL folder) {
    try {
      if (folder.openConnection() instanceof JarURLConnection jar) {
        return jar.getJarFile().stream()
            .map(entry -> Path.of(entry.getName()))
            .filter(path -> path.startsWith(FOLDER))
            .map(path -> path.getFileName().toString())
            .toList();
      }
      try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
        return files.map(path -> path.getFileName().toString()).toList();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns 0 for an empty database. */
  static int applied(Handle handle) {
    boolean empty =
        handle
            .createQuery("SELECT to_regclass('atelier_schema_history') IS NULL")
            .mapTo(boolean.class)
            .one();
    if (empty) {
      return 0;
    }
    return handle
        .createQuery(
            """
            SELECT coalesce(max(version::integer), 0)
            FROM atelier_schema_history
            WHERE success
            """)
        .mapTo(int.class)
        .one();
  }

  /**
   * Applies the missing migrations. Instances wait for an advisory lock of ours, because Flyway's
   * does not cover the creation of its history table.
   *
   * @param dataSource must have no socket timeout, because a migration may take long
   */
  static void apply(DataSource dataSource) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement lock = connection.createStatement()) {
      lock.execute("SELECT pg_advisory_lock(hashtext('atelier_schema_history'))");
      migrate(dataSource);
    }
  }

  private static void migrate(DataSource dataSource) {
    Flyway.configure()
        .dataSource(dataSource)
        .locations("classpath:" + FOLDER)
        .failOnMissingLocations(true)
        // Accept a database that has other tables.
        .table("atelier_schema_history")
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .load()
        .migrate();
  }
}
