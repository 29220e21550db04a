package dev.atelier.application;

import dev.atelier.application.port.Generations;
import dev.atelier.domain.Generation;
import java.util.Optional;

/** Opens the eye first and looks then, so that no change falls between the two. */
public final class WatchGenerationService implements WatchGeneration {
  private final Generations generations;
  private final Watches watches;

  /** Wires the use case. */
  public WatchGenerationService(Generations generations, Watches watches) {
    this.generations = generations;
    this.watches = watches;
  }

  @Override
  public Result watch(Query query) {
    Watches.Eye eye = watches.open(query.id());
    boolean watching = false;
    try {
      Optional<Generation> found = query.viewer().find(generations, query.id());
      found.ifPresent(eye::begin);
      watching = found.isPresent();
      return watching ? new Result.Watching(eye) : new Result.NotFound();
    } finally {
      if (!watching) {
        eye.close();
      }
    }
  }
}
