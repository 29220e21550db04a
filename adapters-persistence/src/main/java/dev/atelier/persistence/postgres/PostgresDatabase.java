package dev.atelier.persistence.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.atelier.application.port.Dependency;
import dev.atelier.application.port.Secret;
import dev.atelier.application.port.UnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connection pool, schema, and translation of exceptions. Every wait has a timeout, so an
 * unresponsive database causes an {@link UnavailableException} within seconds. Works with PgBouncer
 * in transaction mode, given {@code ?prepareThreshold=0} and PostgreSQL's default isolation level.
 */
public final class PostgresDatabase implements Dependency, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PostgresDatabase.class);

  private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(1);

  /**
   * SQLSTATE classes that indicate a bug: data exception, constraint violation, syntax error or
   * access rule violation, program limit exceeded (PostgreSQL, appendix A).
   */
  private static final Set<String> BUGS = Set.of("22", "23", "42", "54");

  private final PostgresSettings settings;
  private final UnreadableRows unreadableRows;
  private final Jdbi jdbi;
  private volatile @Nullable HikariDataSource pool;

  /** Does no I/O; see {@link #start()}. */
  public PostgresDatabase(PostgresSettings settings) {
    this(settings, Clock.systemUTC());
  }

  /**
   * @param clock for the log of unreadable rows
   */
  public PostgresDatabase(PostgresSettings settings, Clock clock) {
    this.settings = settings;
    this.unreadableRows = new UnreadableRows(clock);
    this.jdbi = Jdbi.create(this::connect);
    jdbi.getConfig(SqlStatements.class).setQueryTimeout(seconds(settings.timeout()));
    // Exception messages must not quote bound values: they may be prompts.
    jdbi.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
  }

  /**
   * Opens the pool, waits for the database, and migrates its schema. Call once.
   *
   * @throws UnavailableException if the database is not reachable in time or the migration fails
   */
  public void start() {
    PostgresUrl url = settings.url();
    HikariDataSource opened = open(url);
    pool = opened;
    try {
      int version = awaitVersion(url, opened);
      int newest = Migrations.newest(PostgresDatabase.class.getClassLoader());
      if (version < newest) {
        migrate(url);
      }
      log.info("database ready: url={} version={}", url, Math.max(version, newest));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  UnreadableRows unreadableRows() {
    return unreadableRows;
  }

  /** The caller closes it. */
  Connection openUnpooledConnection() throws SQLException {
    return boundedDataSource(settings.url()).getConnection();
  }

  private PGSimpleDataSource boundedDataSource(PostgresUrl url) {
    PGSimpleDataSource dataSource = dataSource(url);
    // The statement timeout comes first; this one applies if canceling gets no response.
    dataSource.setSocketTimeout(2 * seconds(settings.timeout()));
    return dataSource;
  }

  private HikariDataSource open(PostgresUrl url) {
    var config = new HikariConfig();
    config.setPoolName("database");
    config.setDataSource(boundedDataSource(url));
    config.setMaximumPoolSize(settings.poolSize());
    config.setConnectionTimeout(settings.timeout().toMillis());
    config.setValidationTimeout(CHECK_TIMEOUT.toMillis());
    // The quota count must see earlier commits, whatever the server's default isolation is.
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    // awaitVersion waits for the first connection and logs it.
    config.setInitializationFailTimeout(-1);
    config.setExceptionOverride(new ReadOnlyConnectionEviction());
    return new HikariDataSource(config);
  }

  private PGSimpleDataSource dataSource(PostgresUrl url) {
    var dataSource = new PGSimpleDataSource();
    dataSource.setUrl(url.jdbcUrl());
    dataSource.setSocketTimeout(0);
    url.user().ifPresent(dataSource::setUser);
    url.password().map(Secret::value).ifPresent(dataSource::setPassword);
    dataSource.setConnectTimeout(seconds(settings.timeout()));
    dataSource.setCancelSignalTimeout(seconds(settings.timeout()));
    dataSource.setTcpKeepAlive(true);
    // The detail of a constraint violation quotes the row.
    dataSource.setLogServerErrorDetail(false);
    return dataSource;
  }

  private int awaitVersion(PostgresUrl url, HikariDataSource opened) {
    long begin = System.nanoTime();
    while (true) {
      try {
        return run(Migrations::applied);
      } catch (UnavailableException e) {
        Duration waited = Duration.ofNanos(System.nanoTime() - begin);
        if (waited.compareTo(settings.startupTimeout()) >= 0 || opened.isClosed()) {
          throw e;
        }
        log.warn(
            "database not reachable, retrying: url={} maxWaitSeconds={} reason={}",
            url,
            settings.startupTimeout().toSeconds(),
            reason(e));
      }
    }
  }

  private static String reason(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  private void migrate(PostgresUrl url) {
    PGSimpleDataSource dataSource = dataSource(url);
    // After waiting for the lock, the migrations of the other instance must be visible.
    String options = Optional.ofNullable(dataSource.getOptions()).orElse("");
    dataSource.setOptions(options + " -c default_transaction_isolation=read\\ committed");
    try {
      Migrations.apply(dataSource);
    } catch (FlywayException | SQLException e) {
      throw new UnavailableException("cannot migrate the database schema", e);
    }
  }

  /** Running statements fail. */
  @Override
  public void close() {
    HikariDataSource opened = pool;
    if (opened != null) {
      opened.close();
    }
  }

  @Override
  public String name() {
    return "database";
  }

  @Override
  public void check() {
    try (Connection connection = connect()) {
      if (!connection.isValid(seconds(CHECK_TIMEOUT))) {
        throw new SQLTransientConnectionException("no answer within " + CHECK_TIMEOUT);
      }
    } catch (SQLException e) {
      throw new UnavailableException("the database does not respond", e);
    }
  }

  /**
   * Runs work in autocommit mode, unless it begins a transaction.
   *
   * @throws UnavailableException if the database is unavailable
   * @throws IllegalStateException if it rejects a statement, which is a bug
   */
  <R> R run(HandleCallback<R, RuntimeException> work) {
    try {
      return jdbi.withHandle(work);
    } catch (JdbiException e) {
      throw translated(e);
    }
  }

  /** The result must not quote bound values. */
  private static RuntimeException translated(JdbiException e) {
    Throwable cause = e;
    while (cause != null && !(cause instanceof SQLException)) {
      cause = cause.getCause();
    }
    if (!(cause instanceof SQLException broken)) {
      return new IllegalStateException(
          "cannot create a statement: " + e.getClass().getSimpleName());
    }
    String state = Optional.ofNullable(broken.getSQLState()).orElse("");
    if (state.length() == 5 && BUGS.contains(state.substring(0, 2))) {
      return new IllegalStateException(
          "the database rejected a statement: SQLSTATE "
              + state
              + violated(broken).map(" "::concat).orElse(""));
    }
    return new UnavailableException("the database is not available", broken);
  }

  /** The violated constraint or unique index. */
  static Optional<String> violated(@Nullable Throwable e) {
    return e instanceof PSQLException refused
        ? Optional.ofNullable(refused.getServerErrorMessage())
            .map(ServerErrorMessage::getConstraint)
        : Optional.empty();
  }

  private Connection connect() throws SQLException {
    HikariDataSource opened = pool;
    if (opened == null) {
      throw new IllegalStateException("the database is not started");
    }
    return opened.getConnection();
  }

  private static int seconds(Duration duration) {
    return Math.toIntExact(duration.toSeconds());
  }
}
