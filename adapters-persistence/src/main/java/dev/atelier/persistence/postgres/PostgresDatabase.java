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
 * The PostgreSQL database: its pool, its schema, and the translation of its failures. Every wait
 * for it is bounded, so that a dead or silent database is an {@link UnavailableException} within
 * seconds; when it is back, so are we. Works behind PgBouncer in transaction mode, given {@code
 * ?prepareThreshold=0} and PostgreSQL's own default isolation.
 */
public final class PostgresDatabase implements Dependency, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PostgresDatabase.class);

  /** For a sign of life over a connection that is there. */
  private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(1);

  /**
   * SQLSTATE classes that are our own mistake: data exception, violated constraint, syntax error or
   * access rule, program limit (PostgreSQL, appendix A).
   */
  private static final Set<String> BUGS = Set.of("22", "23", "42", "54");

  private final PostgresSettings settings;
  private final UnreadableRows unreadableRows;
  private final Jdbi jdbi;
  private volatile @Nullable HikariDataSource pool;

  /** Touches nothing yet; see {@link #start()}. */
  public PostgresDatabase(PostgresSettings settings) {
    this(settings, Clock.systemUTC());
  }

  /**
   * Touches nothing yet; see {@link #start()}.
   *
   * @param clock tells when an unreadable row was logged
   */
  public PostgresDatabase(PostgresSettings settings, Clock clock) {
    this.settings = settings;
    this.unreadableRows = new UnreadableRows(clock);
    this.jdbi = Jdbi.create(this::connect);
    jdbi.getConfig(SqlStatements.class).setQueryTimeout(seconds(settings.timeout()));
    // What is bound is never quoted: it may be a prompt.
    jdbi.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
  }

  /**
   * Opens the pool, waits for the database if it is not up yet, and brings its schema up to date.
   * To be called once.
   *
   * @throws UnavailableException when the database does not come up in time or its schema cannot be
   *     brought up to date
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
      log.info("the database at {} has version {}", url, Math.max(version, newest));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** The rows that this instance could not read. */
  UnreadableRows unreadableRows() {
    return unreadableRows;
  }

  /** A connection for whom one of the pool would be too short-lived; the caller closes it. */
  Connection connectBesideThePool() throws SQLException {
    return boundedDataSource(settings.url()).getConnection();
  }

  private PGSimpleDataSource boundedDataSource(PostgresUrl url) {
    PGSimpleDataSource dataSource = dataSource(url);
    // A late statement is called off first; where not even that is answered, the connection is.
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
    // The quota's count has to see what was committed before it, whatever the server's default is.
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    // The first connection is waited for below, with a line in the log.
    config.setInitializationFailTimeout(-1);
    config.setExceptionOverride(new ReadOnlyEviction());
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
    // The detail of a violated constraint is the whole row.
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
        if (waited.compareTo(settings.patience()) >= 0 || opened.isClosed()) {
          throw e;
        }
        log.warn(
            "the database at {} is not up yet, waiting for up to {} s: {}",
            url,
            settings.patience().toSeconds(),
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
    // Who has waited for the lock has to see what the one before has done.
    String options = Optional.ofNullable(dataSource.getOptions()).orElse("");
    dataSource.setOptions(options + " -c default_transaction_isolation=read\\ committed");
    try {
      Migrations.apply(dataSource);
    } catch (FlywayException | SQLException e) {
      throw new UnavailableException("the database's schema could not be brought up to date", e);
    }
  }

  /** Closes the pool; what is under way fails. */
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
      throw new UnavailableException("the database gives no sign of life", e);
    }
  }

  /**
   * Runs statements on a connection of the pool, each in autocommit unless the work says otherwise.
   *
   * @throws UnavailableException when the database is broken
   * @throws IllegalStateException when it refuses what we ask: a bug
   */
  <R> R run(HandleCallback<R, RuntimeException> work) {
    try {
      return jdbi.withHandle(work);
    } catch (JdbiException e) {
      throw translated(e);
    }
  }

  /** Neither message nor cause of what comes out quotes anything that was bound. */
  private static RuntimeException translated(JdbiException e) {
    Throwable cause = e;
    while (cause != null && !(cause instanceof SQLException)) {
      cause = cause.getCause();
    }
    if (!(cause instanceof SQLException broken)) {
      return new IllegalStateException(
          "a statement could not be made: " + e.getClass().getSimpleName());
    }
    String state = Optional.ofNullable(broken.getSQLState()).orElse("");
    if (state.length() == 5 && BUGS.contains(state.substring(0, 2))) {
      return new IllegalStateException(
          "the database refused a statement: SQLSTATE "
              + state
              + violated(broken).map(" "::concat).orElse(""));
    }
    return new UnavailableException("the database is not available", broken);
  }

  /** The name of the constraint or unique index that a statement has violated. */
  static Optional<String> violated(@Nullable Throwable e) {
    return e instanceof PSQLException refused
        ? Optional.ofNullable(refused.getServerErrorMessage())
            .map(ServerErrorMessage::getConstraint)
        : Optional.empty();
  }

  private Connection connect() throws SQLException {
    HikariDataSource opened = pool;
    if (opened == null) {
      throw new IllegalStateException("the database is used before its start");
    }
    return opened.getConnection();
  }

  private static int seconds(Duration duration) {
    return Math.toIntExact(duration.toSeconds());
  }
}
