package dev.atelier.application;

import dev.atelier.application.port.Generations;
import dev.atelier.domain.Generation;
import dev.atelier.domain.Transition;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Writes the deletion down first, so that it is finished whatever happens, and then begins it. */
public final class DeleteGenerationService implements DeleteGeneration {
  private final Generations generations;
  private final Settle settle;
  private final CallOff callOff;
  private final RemoveDeleted removeDeleted;
  private final Duration waitAtMost;

  /**
   * Wires the use case.
   *
   * @param waitAtMost how long the caller is kept waiting until nothing is left of it
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

  /** Nobody sees it any more, so nobody waits for long until nothing is left of it. */
  private void remove(Generation deleted) {
    removeDeleted
        .start(deleted)
        .completeOnTimeout(null, waitAtMost.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }
}
