package dev.atelier.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.atelier.application.port.Generations.Insertion;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.domain.Generation;
import dev.atelier.domain.Generations;
import dev.atelier.domain.UserId;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outages of the database, on a separate server. */
class OutageIT {
  private static final Duration BOUND = Duration.ofSeconds(10);

  @TempDir private Path folder;

  @Test
  void aStoppedDatabaseIsUnavailableAndUsedAgainAfterItsRestart() throws IOException {
    EmbeddedPostgres server = PostgresServer.startSeparate(folder, 0);
    int port = server.getPort();
    try (var database = database(port)) {
      database.start();
      var generations = new PostgresGenerations(database);
      Generation stored = begun();
      assertThat(generations.insert(stored, Optional.empty(), 10))
          .isEqualTo(new Insertion.Inserted());

      server.close();

      // The first calls use the pool's two dead connections; the others find none.
      assertUnavailable(() -> generations.insert(begun(), Optional.empty(), 10));
      assertUnavailable(() -> generations.find(stored.id()));
      assertUnavailable(() -> generations.save(stored));
      assertUnavailable(database::check);

      server = PostgresServer.startSeparate(folder, port);

      awaitReady(database);
      assertThat(generations.find(stored.id())).contains(stored);
      assertThat(generations.insert(begun(), Optional.empty(), 10))
          .isEqualTo(new Insertion.Inserted());
    } finally {
      server.close();
    }
  }

  @Test
  void theStartWaitsForTheDatabase() throws IOException {
    EmbeddedPostgres server = PostgresServer.startSeparate(folder, 0);
    int port = server.getPort();
    server.close();
    try (var database = database(port)) {
      var start = CompletableFuture.runAsync(database::start);

      server = PostgresServer.startSeparate(folder, port);

      start.orTimeout(BOUND.toSeconds(), TimeUnit.SECONDS).join();
      assertThatCode(database::check).doesNotThrowAnyException();
    } finally {
      server.close();
    }
  }

  @Test
  void anUnresponsiveDatabaseIsUnavailableInTime() throws IOException {
    EmbeddedPostgres server = PostgresServer.startSeparate(folder, 0);
    try (var network = new Network(server.getPort());
        var database = database(network.port())) {
      database.start();
      var generations = new PostgresGenerations(database);

      network.pause();

      assertUnavailable(() -> generations.insert(begun(), Optional.empty(), 10));
      assertUnavailable(database::check);

      network.resume();

      awaitReady(database);
      assertThat(generations.insert(begun(), Optional.empty(), 10))
          .isEqualTo(new Insertion.Inserted());
    } finally {
      server.close();
    }
  }

  private static PostgresDatabase database(int port) {
    var url = PostgresUrl.parse("postgresql://postgres@localhost:" + port + "/postgres");
    return new PostgresDatabase(
        new PostgresSettings(url, 2, Duration.ofSeconds(30), Duration.ofSeconds(1)));
  }

  private static void assertUnavailable(ThrowingCallable call) {
    long begin = System.nanoTime();
    assertThatThrownBy(call).isInstanceOf(UnavailableException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(BOUND);
  }

  private static void awaitReady(PostgresDatabase database) {
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < BOUND.toNanos()) {
      try {
        database.check();
        return;
      } catch (UnavailableException e) {
        // Each check waits for a connection, so the loop needs no pause.
      }
    }
    fail("the database is up, but not used again");
  }

  private static Generation begun() {
    return Generations.begun(new UserId("user-" + UUID.randomUUID()));
  }
}
