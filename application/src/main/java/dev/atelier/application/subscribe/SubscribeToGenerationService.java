package dev.atelier.application.subscribe;

import dev.atelier.application.port.Generations;
import dev.atelier.domain.Generation;
import java.util.Optional;

/**
 * Opens the subscription before it reads the generation, so that it misses no change in between.
 */
public final class SubscribeToGenerationService implements SubscribeToGeneration {
  private final Generations generations;
  private final GenerationSubscriptions generationSubscriptions;

  public SubscribeToGenerationService(
      Generations generations, GenerationSubscriptions generationSubscriptions) {
    this.generations = generations;
    this.generationSubscriptions = generationSubscriptions;
  }

  @Override
  public Result subscribe(Query query) {
    TopicSubscription subscription = generationSubscriptions.open(query.id());
    boolean started = false;
    try {
      Optional<Generation> found = query.scope().find(generations, query.id());
      found.ifPresent(subscription::start);
      started = found.isPresent();
      return started ? new Result.Subscribed(subscription) : new Result.NotFound();
    } finally {
      if (!started) {
        subscription.close();
      }
    }
  }
}
