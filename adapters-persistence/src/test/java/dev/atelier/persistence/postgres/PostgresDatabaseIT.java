package dev.atelier.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.application.port.UnavailableException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.junit.jupiter.api.Test;

class PostgresDatabaseIT {
  private final PostgresUrl empty = PostgresServer.shared().newEmptyDatabase();

  @Test
  void anEmptyDatabaseIsBroughtUpToDate() {
    try (var database = start(empty)) {
      assertThat(database.run(Migrations::applied)).isEqualTo(newest());
    }
  }

  @Test
  void aSecondStartHasNothingToDo() {
    start(empty).close();

    try (var database = start(empty)) {
      assertThat(steps(database)).isEqualTo(newest());
    }
  }

  @Test
  void aDatabaseWithOtherTablesIsAsGoodAsAnEmptyOne() {
    PostgresUrl url = PostgresServer.shared().newDatabase();
    try (var database = start(url)) {
      database.run(handle -> handle.execute("DROP TABLE generations, flyway_schema_history"));
      database.run(handle -> handle.execute("CREATE TABLE others ()"));
    }

    try (var database = start(url)) {
      assertThat(database.run(Migrations::applied)).isEqualTo(newest());
    }
  }

  @Test
  void aDatabaseThatIsAheadIsLeftAlone() {
    try (var database = start(empty)) {
      database.run(
          handle ->
              handle.execute(
                  """
                  INSERT INTO flyway_schema_history
                    (installed_rank, version, description, type, script, installed_by, execution_time, success)
                  VALUES (1000, '1000', 'of a later release', 'SQL', 'V1000__of_a_later_release.sql', 'someone', 1, true)
                  """));
    }

    assertThatCode(() -> start(empty).close()).doesNotThrowAnyException();
  }

  @Test
  void manyInstancesStartOnAnEmptyDatabaseAtOnce() throws Exception {
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
  void theNewestVersionIsTheOneThatFlywayFinds() {
    MigrationInfo[] found =
        Flyway.configure().dataSource(empty.jdbcUrl(), "postgres", "").load().info().all();

    assertThat(found).hasSize(newest());
    assertThat(found[found.length - 1].getVersion().getVersion())
        .isEqualTo(Integer.toString(newest()));
  }

  @Test
  void aDatabaseThatDoesNotComeUpIsUnavailableInTime() {
    var database =
        new PostgresDatabase(
            PostgresServer.settings(
                PostgresUrl.parse("postgresql://ann:hunter2@localhost:1/nowhere")));

    long begin = System.nanoTime();
    assertThatThrownBy(database::start)
        .isInstanceOf(UnavailableException.class)
        .hasStackTraceContaining("refused")
        .satisfies(
            e ->
                assertThat(e).extracting(Throwable::toString).asString().doesNotContain("hunter2"));
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
    assertThatThrownBy(database::check).isInstanceOf(UnavailableException.class);
  }

  @Test
  void aServerThatAcceptsAndNeverAnswersIsUnavailableInTime() throws IOException {
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var database =
            new PostgresDatabase(
                PostgresServer.settings(
                    PostgresUrl.parse(
                        "postgresql://localhost:" + silent.getLocalPort() + "/db")))) {
      long begin = System.nanoTime();
      assertThatThrownBy(database::start).isInstanceOf(UnavailableException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
    }
  }

  @Test
  void itIsReadyUntilItIsClosed() {
    var database = start(empty);
    assertThat(database.name()).isEqualTo("database");
    assertThatCode(database::check).doesNotThrowAnyException();

    database.close();

    assertThatThrownBy(database::check).isInstanceOf(UnavailableException.class);
    assertThatCode(database::close).doesNotThrowAnyException();
  }

  @Test
  void beforeItsStartItIsOfNoUse() {
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
                .createQuery("SELECT count(*) FROM flyway_schema_history WHERE type = 'SQL'")
                .mapTo(int.class)
                .one());
  }
}
