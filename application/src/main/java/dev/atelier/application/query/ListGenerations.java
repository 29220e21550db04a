package dev.atelier.application.query;

import dev.atelier.application.port.Generations.Position;
import dev.atelier.domain.Generation;
import dev.atelier.domain.Status;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Lists generations page by page, newest first. */
public interface ListGenerations {
  Page list(Query query);

  /**
   * The page to return.
   *
   * @param statuses at least one
   * @param after the end of the previous page
   * @param limit the page size, at least one
   */
  record Query(AccessScope scope, Set<Status> statuses, Optional<Position> after, int limit) {
    public Query {
      statuses = Set.copyOf(statuses);
    }
  }

  /**
   * A page. Paging returns each generation that existed at the start exactly once.
   *
   * @param next empty on the last page
   */
  record Page(List<Generation> generations, Optional<Position> next) {
    public Page {
      generations = List.copyOf(generations);
    }
  }
}
