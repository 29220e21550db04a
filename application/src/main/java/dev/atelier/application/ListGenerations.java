package dev.atelier.application;

import dev.atelier.application.port.Generations.Position;
import dev.atelier.domain.Generation;
import dev.atelier.domain.Status;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Lists generations, newest first, a page at a time. */
public interface ListGenerations {
  /** The next page. */
  Page list(Query query);

  /**
   * Which page.
   *
   * @param viewer who asks
   * @param statuses how the generations stand that are asked for; at least one
   * @param after where the page before ended; empty for the first one
   * @param limit the most generations of a page, at least one
   */
  record Query(Viewer viewer, Set<Status> statuses, Optional<Position> after, int limit) {
    /** Copies the set. */
    public Query {
      statuses = Set.copyOf(statuses);
    }
  }

  /**
   * A page. Going from page to page shows what was there at the beginning exactly once, whatever is
   * added meanwhile.
   *
   * @param next where the page after it begins; empty when there is none
   */
  record Page(List<Generation> generations, Optional<Position> next) {
    /** Copies the list. */
    public Page {
      generations = List.copyOf(generations);
    }
  }
}
