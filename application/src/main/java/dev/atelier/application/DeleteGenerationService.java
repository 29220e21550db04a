package dev.atelier.application;

import dev.atelier.application.port.Generations;
import dev.atelier.domain.Generation;
import dev.atelier.domain.Transition;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Persists the deletion before it starts the removal, so that a crash cannot lose it. */
public final class DeleteGenerationService implements DeleteGeneration {
  private final Generations generations;
  private final Settle settle;
  private final CallOff callOff;
  private final RemoveDeleted removeDeleted;
  private final Duration waitAtMost;

  /**
   * @param waitAtMost how long a call waits for the removal
   */
  public DeleteGenerationService(
      Generations generations,
      Settle settle,
      CallOff callOff,
      RemoveDeleted removeDeleted,
      Duration waitAtMost) {
    this.generations = generations;
    this.settle = settle;
    this.callOff = callOff;
    this.removeDeleted = removeDeleted;
    this.waitAtMost = waitAtMost;
  }

  @Override
  public Result delete(Command command) {
    Optional<Generation> deleted =
        command
            .viewer()
            .find(generations, command.id())
            .flatMap(found -> settle.delete(found.id()))
            .map(Transition::generation);
    deleted.map(callOff::callOff).ifPresent(this::remove);
    return deleted.isPresent() ? Result.DELETED : Result.NOT_FOUND;
  }

  /** The wait is bounded because the generation is already invisible. */
  private void remove(Generation deleted) {
    removeDeleted
        .start(deleted)
        .completeOnTimeout(null, waitAtMost.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }
}
