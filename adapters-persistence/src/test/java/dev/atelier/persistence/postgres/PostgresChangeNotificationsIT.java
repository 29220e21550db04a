package dev.atelier.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.ChangeNotifications;
import dev.atelier.application.port.ChangeNotificationsContract;
import dev.atelier.application.port.Generations;
import dev.atelier.application.port.Generations.Insertion;
import dev.atelier.application.port.Generations.Saving;
import dev.atelier.application.port.RecordingListener;
import dev.atelier.application.query.AccessScope;
import dev.atelier.application.subscribe.GenerationSubscriptions;
import dev.atelier.application.subscribe.SubscribeToGeneration;
import dev.atelier.application.subscribe.SubscribeToGeneration.Result.Subscribed;
import dev.atelier.application.subscribe.SubscribeToGeneration.Subscription;
import dev.atelier.application.subscribe.SubscribeToGeneration.Update.Changed;
import dev.atelier.application.subscribe.SubscribeToGenerationService;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.UserId;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresChangeNotificationsIT implements ChangeNotificationsContract {
  private static final PostgresUrl URL = PostgresServer.shared().newDatabase();
  private static final PostgresDatabase DATABASE =
      new PostgresDatabase(PostgresServer.settings(URL));

  /** Another instance of the service. */
  private static final PostgresDatabase OTHER = new PostgresDatabase(PostgresServer.settings(URL));

  @AutoClose
  private final PostgresChangeNotifications changes = new PostgresChangeNotifications(DATABASE);

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    DATABASE.start();
    OTHER.start();
  }

  @AfterAll
  static void closeDatabases() {
    DATABASE.close();
    OTHER.close();
  }

  @Override
  public ChangeNotifications changeNotifications() {
    return changes;
  }

  @Override
  public Generations generations() {
    return new PostgresGenerations(OTHER);
  }

  @Override
  public void delete(GenerationId id) {
    OTHER.run(
        handle ->
            handle
                .createUpdate("DELETE FROM generations WHERE id = :id")
                .bind("id", id.value())
                .execute());
  }

  @Override
  public void makeUnreadable(GenerationId id) {
    Unreadable.make(OTHER, id);
  }

  @Test
  void aListenerReceivesChangesOfAnotherInstance() {
    try (var generationSubscriptions = new GenerationSubscriptions(changes, Duration.ofDays(1))) {
      generationSubscriptions.start();
      var service =
          new SubscribeToGenerationService(
              new PostgresGenerations(DATABASE), generationSubscriptions);
      Generation begun = insert(OTHER);
      var query = new SubscribeToGeneration.Query(new AccessScope.All(), begun.id());
      try (Subscription subscription = ((Subscribed) service.subscribe(query)).subscription()) {
        move(OTHER, begun);

        assertThat(subscription.next(Duration.ofSeconds(30)))
            .isInstanceOfSatisfying(
                Changed.class, changed -> assertThat(changed.generation().revision()).isEqualTo(1));
      }
    }
  }

  @Test
  void anUncommittedChangeIsNotNotified() {
    var recordingListener = RecordingListener.listening(changes);
    Generation first = insert(DATABASE);
    Generation second = insert(DATABASE);

    OTHER.run(
        handle ->
            handle.inTransaction(
                writing -> {
                  writing.execute(
                      "UPDATE generations SET revision = 1 WHERE id = ?", first.id().value());
                  move(DATABASE, second);
                  assertThat(recordingListener.next()).isEqualTo(second.id().toString());
                  return assertThat(recordingListener.isSilent()).isTrue();
                }));

    assertThat(recordingListener.next()).isEqualTo(first.id().toString());
  }

  @Test
  void aRolledBackChangeIsNotNotified() {
    var recordingListener = RecordingListener.listening(changes);
    Generation undone = insert(DATABASE);
    Generation done = insert(DATABASE);

    OTHER.run(
        handle ->
            handle.inTransaction(
                writing -> {
                  writing.execute(
                      "UPDATE generations SET revision = 1 WHERE id = ?", undone.id().value());
                  return writing.rollback();
                }));
    move(OTHER, done);

    assertThat(recordingListener.next()).isEqualTo(done.id().toString());
  }

  @Test
  void aCutConnectionIsReopenedAndTheListenerIsNotifiedOfTheGap() {
    var recordingListener = RecordingListener.listening(changes);

    int cut =
        OTHER.run(
            handle ->
                handle
                    .createQuery(
                        """
                        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                        WHERE datname = current_database() AND query LIKE 'LISTEN %'
                        """)
                    .mapTo(int.class)
                    .one());

    assertThat(cut).isEqualTo(1);
    assertThat(recordingListener.next()).isEqualTo(RecordingListener.MISSED);
    assertIsNotified(recordingListener, OTHER);
  }

  @Test
  void closingClosesTheConnection() {
    var _ = RecordingListener.listening(changes);

    changes.close();

    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (listeners() > 0) {
      assertThat(System.nanoTime()).as("the server closes the connection").isLessThan(deadline);
    }
  }

  private static int listeners() {
    return OTHER.run(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND query LIKE 'LISTEN %'
                    """)
                .mapTo(int.class)
                .one());
  }

  @Test
  void listeningContinuesAfterARestartOfTheServer() throws IOException {
    EmbeddedPostgres server = PostgresServer.startSeparate(folder, 0);
    int port = server.getPort();
    try (var database = database(port)) {
      database.start();
      try (var listening = new PostgresChangeNotifications(database)) {
        var recordingListener = RecordingListener.listening(listening);

        server.close();
        server = PostgresServer.startSeparate(folder, port);

        assertThat(recordingListener.next()).isEqualTo(RecordingListener.MISSED);
        assertIsNotified(recordingListener, database);
      }
    } finally {
      server.close();
    }
  }

  @Test
  void listeningContinuesAfterConnectionsDiedSilently() throws IOException {
    try (var network = new Network(port(URL));
        var database = database(network.port(), URL.address().replaceFirst(".*/", ""))) {
      database.start();
      try (var listening = new PostgresChangeNotifications(database, Duration.ofMillis(100))) {
        var recordingListener = RecordingListener.listening(listening);

        network.loseConnections();

        assertThat(recordingListener.next()).isEqualTo(RecordingListener.MISSED);
        assertIsNotified(recordingListener, OTHER);
      }
    }
  }

  private static int port(PostgresUrl url) {
    return Integer.parseInt(url.address().replaceFirst(".*:([0-9]+)/.*", "$1"));
  }

  private static PostgresDatabase database(int port) {
    return database(port, "postgres");
  }

  private static PostgresDatabase database(int port, String name) {
    return new PostgresDatabase(
        new PostgresSettings(
            PostgresUrl.parse("postgresql://postgres@localhost:" + port + "/" + name),
            2,
            Duration.ofSeconds(30),
            Duration.ofSeconds(1)));
  }

  private static void assertIsNotified(
      RecordingListener recordingListener, PostgresDatabase database) {
    Generation begun = insert(database);
    move(database, begun);

    assertThat(recordingListener.next()).isEqualTo(begun.id().toString());
  }

  private static Generation insert(PostgresDatabase database) {
    Generation begun =
        dev.atelier.domain.Generations.begun(new UserId("user-" + UUID.randomUUID()));
    assertThat(new PostgresGenerations(database).insert(begun, Optional.empty(), 10))
        .isEqualTo(new Insertion.Inserted());
    return begun;
  }

  private static void move(PostgresDatabase database, Generation begun) {
    var queued = new Prediction.Queued(new PredictionId("pred_" + UUID.randomUUID()));
    Generation next = begun.observe(queued, begun.createdAt()).generation();
    assertThat(new PostgresGenerations(database).save(next)).isEqualTo(Saving.SAVED);
  }
}
