package dev.atelier.application.query;

import dev.atelier.application.port.Generations;
import dev.atelier.application.port.Generations.Position;
import dev.atelier.domain.Generation;
import java.util.List;
import java.util.Optional;

/** Reads one generation more than the page size, to find out whether a next page exists. */
public final class ListGenerationsService implements ListGenerations {
  private final Generations generations;

  public ListGenerationsService(Generations generations) {
    this.generations = generations;
  }

  @Override
  public Page list(Query query) {
    List<Generation> found =
        generations.list(query.scope().owner(), query.statuses(), query.after(), query.limit() + 1);
    if (found.size() <= query.limit()) {
      return new Page(found, Optional.empty());
    }
    List<Generation> page = found.subList(0, query.limit());
    return new Page(page, Optional.of(Position.of(page.getLast())));
  }
}
