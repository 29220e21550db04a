package dev.atelier.application.cancel;

import dev.atelier.application.port.Generations;
import dev.atelier.application.settle.Settle;
import dev.atelier.domain.Generation;
import dev.atelier.domain.Transition;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Persists the deletion before it starts the removal, so that a crash cannot lose it. */
public final class DeleteGenerationService implements DeleteGeneration {
  private final Generations generations;
  private final Settle settle;
  private final CancelPrediction cancelPrediction;
  private final PurgeDeleted purgeDeleted;
  private final Duration waitAtMost;

  public DeleteGenerationService(
      Generations generations,
      Settle settle,
      CancelPrediction cancelPrediction,
      PurgeDeleted purgeDeleted,
      Duration waitAtMost) {
    this.generations = generations;
    this.settle = settle;
    this.cancelPrediction = cancelPrediction;
    this.purgeDeleted = purgeDeleted;
    this.waitAtMost = waitAtMost;
  }

  @Override
  public Result delete(Command command) {
    Optional<Generation> deleted =
        command
            .scope()
            .find(generations, command.id())
            .flatMap(found -> settle.delete(found.id()))
            .map(Transition::generation);
    deleted.map(cancelPrediction::cancel).ifPresent(this::remove);
    return deleted.isPresent() ? Result.DELETED : Result.NOT_FOUND;
  }

  /** The generation is already invisible, so the client need not wait longer. */
  private void remove(Generation deleted) {
    purgeDeleted
        .start(deleted)
        .completeOnTimeout(null, waitAtMost.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }
}
