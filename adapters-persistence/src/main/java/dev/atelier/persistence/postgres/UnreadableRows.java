package dev.atelier.persistence.postgres;

import dev.atelier.application.port.UnreadableGenerationException;
import dev.atelier.domain.GenerationId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows that this instance could not read, for a metric and for one log line per row and hour.
 * Bounded in size.
 */
final class UnreadableRows {
  private static final Logger log = LoggerFactory.getLogger(UnreadableRows.class);
  private static final Duration LOG_EVERY = Duration.ofHours(1);
  private static final int MAX_ROWS = 10_000;

  private final Clock clock;
  private final Consumer<String> errors;
  private final Map<GenerationId, Seen> rows = new LinkedHashMap<>();

  private record Seen(Instant last, Instant logged) {}

  UnreadableRows(Clock clock) {
    this(clock, log::error);
  }

  UnreadableRows(Clock clock, Consumer<String> errors) {
    this.clock = clock;
    this.errors = errors;
  }

  /** Logs the row unless it was logged within the last hour. */
  synchronized void note(UnreadableGenerationException e) {
    Instant now = clock.instant();
    Seen before = rows.remove(e.id());
    boolean logIt = before == null || !now.isBefore(before.logged().plus(LOG_EVERY));
    if (logIt) {
      errors.accept(
          "unreadable row: generation=%s reason=\"%s\"; skipped; a version that can read it will process it"
              .formatted(e.id(), reason(e)));
    }
    rows.put(e.id(), new Seen(now, before == null || logIt ? now : before.logged()));
    if (rows.size() > MAX_ROWS) {
      rows.remove(rows.keySet().iterator().next());
    }
  }

  <T> T noting(Supplier<T> read) {
    try {
      return read.get();
    } catch (UnreadableGenerationException e) {
      note(e);
      throw e;
    }
  }

  /** Notes an unreadable row and returns empty. */
  <T> Optional<T> skip(RowMapper<T> mapper, ResultSet row, StatementContext context)
      throws SQLException {
    try {
      return Optional.of(mapper.map(row, context));
    } catch (UnreadableGenerationException e) {
      note(e);
      return Optional.empty();
    }
  }

  private static String reason(UnreadableGenerationException e) {
    Throwable cause = e.getCause();
    return cause == null ? "unknown" : cause.getClass().getSimpleName() + ": " + cause.getMessage();
  }

  /** Within the last hour. */
  synchronized long count() {
    Instant hourAgo = clock.instant().minus(LOG_EVERY);
    rows.values().removeIf(seen -> !seen.last().isAfter(hourAgo));
    return rows.size();
  }
}
