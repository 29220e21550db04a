package dev.atelier.persistence.postgres;

import dev.atelier.application.port.Generations;
import dev.atelier.application.port.Generations.Claim;
import dev.atelier.application.port.Generations.Work;
import dev.atelier.domain.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;

/** Claims due generations with a lease, and postpones rows that this version cannot read. */
final class GenerationClaims {
  private final PostgresDatabase database;
  private final int format;

  /**
   * @param format the row format of this version
   */
  GenerationClaims(PostgresDatabase database, int format) {
    this.database = database;
    this.format = format;
  }

  List<Claim> claim(Work work, Instant now, Duration lease, int limit) {
    return switch (work) {
      case STORE -> claim(GenerationSql.CLAIM_TO_STORE, Due.until(now), now, lease, limit);
      case OBSERVE -> claimToObserve(now, lease, limit);
      case REMOVE -> claim(GenerationSql.CLAIM_TO_REMOVE, Due.until(now), now, lease, limit);
    };
  }

  /**
   * Claims generations whose outputs may still exist first. Two statements, because each reads the
   * index in order and stops at the limit.
   */
  private List<Claim> claimToObserve(Instant now, Duration lease, int limit) {
    Instant expired = now.minus(State.RETENTION);
    String sql = GenerationSql.CLAIM_TO_OBSERVE;
    var claims = new ArrayList<>(claim(sql, new Due(Optional.of(expired), now), now, lease, limit));
    if (claims.size() < limit) {
      claims.addAll(claim(sql, Due.until(expired), now, lease, limit - claims.size()));
    }
    return claims;
  }

  /** A range of due times, without its start. */
  private record Due(Optional<Instant> after, Instant until) {
    static Due until(Instant until) {
      return new Due(Optional.empty(), until);
    }
  }

  /** Unreadable rows do not count towards the limit. */
  private List<Claim> claim(String sql, Due due, Instant now, Duration lease, int limit) {
    var claims = new ArrayList<Claim>();
    int remaining = limit;
    boolean more = true;
    while (more && remaining > 0) {
      List<Claimed> rows = claimRows(sql, due, now, lease, remaining);
      rows.stream().map(Claimed::claim).flatMap(Optional::stream).forEach(claims::add);
      more = rows.size() == remaining;
      remaining = limit - claims.size();
    }
    return List.copyOf(claims);
  }

  private record Claimed(UUID id, Optional<Claim> claim) {}

  /** One transaction, so that an unreadable row is never visible as leased. */
  private List<Claimed> claimRows(String sql, Due due, Instant now, Duration lease, int limit) {
    return database.run(
        connection ->
            connection.inTransaction(
                handle -> {
                  List<Claimed> rows =
                      bindDue(handle.createQuery(sql), due.after(), due.until())
                          .bind("now", GenerationRow.timestamptz(now))
                          .bind("leasedUntil", GenerationRow.timestamptz(now.plus(lease)))
                          .bind("limit", limit)
                          .bind("format", format)
                          .map(this::claimed)
                          .list();
                  rows.stream()
                      .filter(row -> row.claim().isEmpty())
                      .forEach(row -> postponeUnreadable(handle, row.id(), now));
                  return rows;
                }));
  }

  private Claimed claimed(ResultSet row, StatementContext context) throws SQLException {
    return new Claimed(
        row.getObject("id", UUID.class),
        database.unreadableRows().skip(GenerationRow::readClaim, row, context));
  }

  private void postponeUnreadable(Handle handle, UUID id, Instant now) {
    handle
        .createUpdate(GenerationSql.POSTPONE_UNREADABLE)
        .bind("id", id)
        .bind("now", GenerationRow.timestamptz(now))
        .bind("shortest", (double) Generations.SHORTEST_BACK_OFF.toSeconds())
        .bind("longest", (double) Generations.LONGEST_BACK_OFF.toSeconds())
        .bind("format", format)
        .execute();
  }

  static Query bindDue(Query query, Optional<Instant> after, Instant until) {
    return query
        .bind("dueAfter", after.map(GenerationRow::timestamptz).orElse(OffsetDateTime.MIN))
        .bind("dueBy", GenerationRow.timestamptz(until));
  }
}
