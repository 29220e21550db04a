package dev.atelier.application;

import dev.atelier.application.port.Generations;
import dev.atelier.domain.Generation;
import dev.atelier.domain.Transition;
import java.util.Optional;

/** Writes the deletion down first, so that it is finished whatever happens, and then begins it. */
public final class DeleteGenerationService implements DeleteGeneration {
  private final Generations generations;
  private final Settle settle;
  private final CallOff callOff;
  private final RemoveDeleted removeDeleted;

  /** Wires the use case. */
  public DeleteGenerationService(
      Generations generations, Settle settle, CallOff callOff, RemoveDeleted removeDeleted) {
    this.generations = generations;
    this.settle = settle;
    this.callOff = callOff;
    this.removeDeleted = removeDeleted;
  }

  @Override
  public Result delete(Command command) {
    Optional<Generation> deleted =
        generations
            .find(command.id())
            .filter(command.viewer()::sees)
            .flatMap(found -> settle.delete(found.id()))
            .map(Transition::generation);
    deleted.map(callOff::callOff).ifPresent(removeDeleted::remove);
    return deleted.isPresent() ? Result.DELETED : Result.NOT_FOUND;
  }
}
