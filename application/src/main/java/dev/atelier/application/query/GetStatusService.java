package dev.atelier.application.query;

import dev.atelier.application.port.Generations;

/** Reads the generation's row. */
public final class GetStatusService implements GetStatus {
  private final Generations generations;

  public GetStatusService(Generations generations) {
    this.generations = generations;
  }

  @Override
  public Result get(Query query) {
    return query
        .scope()
        .find(generations, query.id())
        .<Result>map(Result.Found::new)
        .orElseGet(Result.NotFound::new);
  }
}
