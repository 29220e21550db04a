package dev.atelier.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.application.port.Generations.Insertion;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.domain.Generations;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.junit.jupiter.api.Test;

class PostgresDatabaseIT {
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration BOUND = Duration.ofSeconds(10);

  private final PostgresUrl empty = PostgresServer.shared().newEmptyDatabase();

  @Test
  void anEmptyDatabaseIsMigrated() {
    try (var database = start(empty)) {
      assertThat(database.run(Migrations::applied)).isEqualTo(newest());
    }
  }

  @Test
  void aSecondStartMigratesNothing() {
    start(empty).close();

    try (var database = start(empty)) {
      assertThat(steps(database)).isEqualTo(newest());
    }
  }

  @Test
  void aDatabaseWithOtherTablesIsMigrated() {
    PostgresUrl url = PostgresServer.shared().newDatabase();
    try (var database = start(url)) {
      database.run(handle -> handle.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public"));
      database.run(handle -> handle.execute("CREATE TABLE others ()"));
    }

    try (var database = start(url)) {
      assertThat(database.run(Migrations::applied)).isEqualTo(newest());
    }
  }

  @Test
  void aDatabaseWithANewerVersionIsNotChanged() {
    try (var database = start(empty)) {
      database.run(
          handle ->
              handle.execute(
                  """
                  INSERT INTO atelier_schema_history
                    (installed_rank, version, description, type, script, installed_by, execution_time, success)
                  VALUES (1000, '1000', 'of a later release', 'SQL', 'V1000__of_a_later_release.sql', 'someone', 1, true)
                  """));
    }

    assertThatCode(() -> start(empty).close()).doesNotThrowAnyException();
  }

  @Test
  void concurrentStartsMigrateAnEmptyDatabase() throws Exception {
    List<Callable<PostgresDatabase>> starts = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      starts.add(() -> start(empty));
    }

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<PostgresDatabase> start : threads.invokeAll(starts)) {
        try (var database = start.get()) {
          assertThat(steps(database)).isEqualTo(newest());
        }
      }
    }
  }

  @Test
  void theNewestVersionEqualsFlyways() {
    MigrationInfo[] found =
        Flyway.configure().dataSource(empty.jdbcUrl(), "postgres", "").load().info().all();

    assertThat(found).hasSize(newest());
    assertThat(found[found.length - 1].getVersion().getVersion())
        .isEqualTo(Integer.toString(newest()));
  }

  @Test
  void readOnlyConnectionsAreReplaced() {
    PostgresUrl url = PostgresServer.shared().newDatabase();
    String name = url.address().substring(url.address().indexOf('/') + 1);
    try (var other = start(empty)) {
      other.run(
          handle ->
              handle.execute("ALTER DATABASE " + name + " SET default_transaction_read_only = on"));
      try (var database = start(url)) {
        var generations = new PostgresGenerations(database);
        assertThatThrownBy(() -> generations.insert(Generations.submitting(), Optional.empty(), 10))
            .isInstanceOf(UnavailableException.class);

        other.run(
            handle ->
                handle.execute("ALTER DATABASE " + name + " RESET default_transaction_read_only"));

        assertThat(
                IntStream.rangeClosed(0, PostgresServer.POOL_SIZE)
                    .anyMatch(_ -> canInsert(generations)))
            .isTrue();
      }
    }
  }

  private static boolean canInsert(PostgresGenerations generations) {
    try {
      return generations.insert(Generations.submitting(), Optional.empty(), 10)
          instanceof Insertion.Inserted;
    } catch (UnavailableException e) {
      return false;
    }
  }

  @Test
  void anUnreachableDatabaseIsUnavailableInTime() {
    var database =
        withShortTimeouts(PostgresUrl.parse("postgresql://ann:hunter2@localhost:1/nowhere"));

    long begin = System.nanoTime();
    assertThatThrownBy(database::start)
        .isInstanceOf(UnavailableException.class)
        .hasStackTraceContaining("Connection to localhost:1 refused");
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(PATIENCE, BOUND);
    assertThatThrownBy(database::check).isInstanceOf(UnavailableException.class);
  }

  @Test
  void aServerThatNeverRespondsIsUnavailableInTime() throws IOException {
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var database =
          withShortTimeouts(
              PostgresUrl.parse("postgresql://localhost:" + silent.getLocalPort() + "/db"));

      long begin = System.nanoTime();
      assertThatThrownBy(database::start).isInstanceOf(UnavailableException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(PATIENCE, BOUND);
    }
  }

  @Test
  void closingEndsAWaitingStart() throws IOException {
    var longPatience = Duration.ofMinutes(10);
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var url = PostgresUrl.parse("postgresql://localhost:" + silent.getLocalPort() + "/db");
      var database =
          new PostgresDatabase(new PostgresSettings(url, 2, longPatience, Duration.ofSeconds(1)));
      var start = CompletableFuture.runAsync(database::start);
      silent.accept().close();

      database.close();

      assertThat(start)
          .failsWithin(BOUND)
          .withThrowableThat()
          .havingCause()
          .isInstanceOf(UnavailableException.class);
    }
  }

  private static PostgresDatabase withShortTimeouts(PostgresUrl url) {
    return new PostgresDatabase(new PostgresSettings(url, 2, PATIENCE, Duration.ofSeconds(1)));
  }

  @Test
  void theCheckPassesUntilClose() {
    var database = start(empty);
    assertThat(database.name()).isEqualTo("database");
    assertThatCode(database::check).doesNotThrowAnyException();

    database.close();

    assertThatThrownBy(database::check).isInstanceOf(UnavailableException.class);
    assertThatCode(database::close).doesNotThrowAnyException();
  }

  @Test
  void usingItBeforeTheStartIsABug() {
    var database = new PostgresDatabase(PostgresServer.settings(empty));

    assertThatThrownBy(database::check).isInstanceOf(IllegalStateException.class);
    assertThatCode(database::close).doesNotThrowAnyException();
  }

  private static PostgresDatabase start(PostgresUrl url) {
    var database = new PostgresDatabase(PostgresServer.settings(url));
    database.start();
    return database;
  }

  private static int newest() {
    return Migrations.newest(PostgresDatabaseIT.class.getClassLoader());
  }

  private static int steps(PostgresDatabase database) {
    return database.run(
        handle ->
            handle
                .createQuery("SELECT count(*) FROM atelier_schema_history WHERE type = 'SQL'")
                .mapTo(int.class)
                .one());
  }
}
