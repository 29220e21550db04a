package dev.atelier.persistence.postgres;

import dev.atelier.application.port.Generations.Position;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.StateName;
import dev.atelier.domain.Status;
import dev.atelier.domain.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;

/** Lists generations page by page and omits unreadable rows. */
final class GenerationPages {
  /** The number of rows to read when a page contained unreadable ones. */
  private static final int MORE_ROWS = 500;

  private final PostgresDatabase database;

  GenerationPages(PostgresDatabase database) {
    this.database = database;
  }

  List<Generation> list(
      Optional<UserId> owner, Set<Status> statuses, Optional<Position> after, int limit) {
    var found = new ArrayList<Generation>();
    Optional<Position> from = after;
    int rows = limit;
    while (true) {
      List<Listed> page = page(owner, statuses, from, rows);
      page.stream().map(Listed::generation).flatMap(Optional::stream).forEach(found::add);
      if (page.size() < rows || found.size() >= limit) {
        return List.copyOf(found.subList(0, Math.min(found.size(), limit)));
      }
      from = Optional.of(page.getLast().position());
      rows = Math.max(limit, MORE_ROWS);
    }
  }

  private record Listed(Position position, Optional<Generation> generation) {}

  private List<Listed> page(
      Optional<UserId> owner, Set<Status> statuses, Optional<Position> after, int limit) {
    return database.run(
        handle -> {
          Query query =
              handle.createQuery(
                  owner.isPresent() ? GenerationSql.LIST_OF_OWNER : GenerationSql.LIST);
          owner.ifPresent(user -> query.bind("owner", user.value()));
          return bindPage(query, statuses, after, limit).map(this::listed).list();
        });
  }

  private Listed listed(ResultSet row, StatementContext context) throws SQLException {
    return new Listed(
        GenerationRow.position(row),
        database.unreadableRows().skip(GenerationRow::read, row, context));
  }

  /** Without a position, the page starts at the newest row. */
  static Query bindPage(Query query, Set<Status> statuses, Optional<Position> after, int limit) {
    return query
        .bind(
            "states",
            Stream.of(StateName.values())
                .filter(state -> statuses.contains(state.status()))
                .map(StateName::value)
                .collect(Collectors.joining(",")))
        .bind(
            "createdAt",
            after
                .map(Position::createdAt)
                .map(GenerationRow::timestamptz)
                .orElse(OffsetDateTime.MAX))
        .bind("id", after.map(Position::id).map(GenerationId::value).orElse(new UUID(0, 0)))
        .bind("limit", limit);
  }
}
