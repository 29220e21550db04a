package dev.atelier.application;

import dev.atelier.application.port.Generations;
import dev.atelier.domain.Generation;
import java.util.Optional;

/**
 * Opens the subscription before it reads the generation, so that it misses no change in between.
 */
public final class WatchGenerationService implements WatchGeneration {
  private final Generations generations;
  private final Watches watches;

  public WatchGenerationService(Generations generations, Watches watches) {
    this.generations = generations;
    this.watches = watches;
  }

  @Override
  public Result watch(Query query) {
    TopicSubscription subscription = watches.open(query.id());
    boolean started = false;
    try {
      Optional<Generation> found = query.viewer().find(generations, query.id());
      found.ifPresent(subscription::start);
      started = found.isPresent();
      return started ? new Result.Watching(subscription) : new Result.NotFound();
    } finally {
      if (!started) {
        subscription.close();
      }
    }
  }
}
