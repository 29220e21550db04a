package dev.atelier.persistence.postgres;

import dev.atelier.application.port.ChangeNotifications;
import dev.atelier.application.port.UnreadableGenerationException;
import dev.atelier.domain.GenerationId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link ChangeNotifications} by {@code LISTEN} on a connection outside the pool. A trigger
 * notifies of every committed change. A broken connection is replaced, with back-off; a silent one
 * is tested.
 */
public final class PostgresChangeNotifications implements ChangeNotifications, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PostgresChangeNotifications.class);

  private static final String LISTEN = "LISTEN atelier_generations";

  /** Arrays, so that one statement serves any number of generations. */
  static final String SINCE =
      """
      SELECT seen.id AS seen_id, generations.*
      FROM unnest(CAST(:ids AS uuid[]), CAST(:revisions AS integer[])) AS seen (id, revision)
      LEFT JOIN generations ON generations.id = seen.id
      WHERE generations.id IS NULL OR generations.revision > seen.revision
      """;

  private static final Duration KEEP_ALIVE_TIMEOUT = Duration.ofSeconds(10);

  private static final Duration POLL_INTERVAL = Duration.ofSeconds(2);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final PostgresDatabase database;
  private final Duration keepAliveTimeout;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable Connection listenConnection;

  public PostgresChangeNotifications(PostgresDatabase database) {
    this(database, KEEP_ALIVE_TIMEOUT);
  }

  PostgresChangeNotifications(PostgresDatabase database, Duration silence) {
    this.database = database;
    this.keepAliveTimeout = silence;
  }

  @Override
  public List<Change> changedSince(Map<GenerationId, Integer> seen) {
    if (seen.isEmpty()) {
      return List.of();
    }
    return database.run(
        handle ->
            handle
                .createQuery(SINCE)
                .bind("ids", array(seen.keySet()))
                .bind("revisions", array(seen.values()))
                .map(this::read)
                .list());
  }

  /** The elements need no quotes. */
  private static String array(Collection<?> values) {
    return values.stream().map(Object::toString).collect(Collectors.joining(",", "{", "}"));
  }

  private Change read(ResultSet row, StatementContext context) throws SQLException {
    var id = new GenerationId(row.getObject("seen_id", UUID.class));
    if (row.getString("id") == null) {
      return new Change.Removed(id);
    }
    try {
      return new Change.Changed(GenerationRow.read(row, context));
    } catch (UnreadableGenerationException e) {
      database.unreadableRows().note(e);
      return new Change.Unreadable(id);
    }
  }

  @Override
  public void listen(Listener listener) {
    Thread.ofVirtual().name("changes").start(() -> listenUntilClosed(listener));
  }

  @Override
  public void close() {
    closed.countDown();
    Connection listening = listenConnection;
    if (listening != null) {
      try {
        listening.abort(Runnable::run);
      } catch (SQLException e) {
        log.debug("could not close the notification connection", e);
      }
    }
  }

  private void listenUntilClosed(Listener listener) {
    Duration pause = SHORTEST_PAUSE;
    do {
      try (Connection connection = database.openUnpooledConnection()) {
        listenConnection = connection;
        try (Statement statement = connection.createStatement()) {
          statement.execute(LISTEN);
        }
        pause = SHORTEST_PAUSE;
        listener.onNotificationsMissed();
        receive(connection, listener);
      } catch (SQLException e) {
        if (!awaitClose(Duration.ZERO)) {
          log.warn(
              "change notifications interrupted, reconnecting; subscriptions poll meanwhile", e);
        }
        pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
      }
    } while (!awaitClose(pause));
  }

  private void receive(Connection connection, Listener listener) throws SQLException {
    PGConnection listening = connection.unwrap(PGConnection.class);
    while (!awaitClose(Duration.ZERO)) {
      PGNotification[] heard =
          listening.getNotifications(Math.toIntExact(keepAliveTimeout.toMillis()));
      for (PGNotification notification : heard) {
        GenerationId.parse(notification.getParameter()).ifPresent(listener::onChange);
      }
      if (heard.length == 0 && !connection.isValid(Math.toIntExact(POLL_INTERVAL.toSeconds()))) {
        throw new SQLTransientConnectionException(
            "database connection not responding within " + POLL_INTERVAL);
      }
    }
  }

  private boolean awaitClose(Duration time) {
    try {
      return closed.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
