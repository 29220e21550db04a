package dev.atelier.application;

import dev.atelier.application.port.Generations;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Observation;
import dev.atelier.domain.Transition;
import java.util.Optional;

/** Writes the wish down first, so that it is not forgotten, and only then asks Skytells. */
public final class CancelGenerationService implements CancelGeneration {
  private final Generations generations;
  private final Settle settle;
  private final CallOff callOff;

  /** Wires the use case. */
  public CancelGenerationService(Generations generations, Settle settle, CallOff callOff) {
    this.generations = generations;
    this.settle = settle;
    this.callOff = callOff;
  }

  @Override
  public Result cancel(Command command) {
    return generations
        .find(command.id())
        .filter(command.viewer()::sees)
        .map(Generation::id)
        .flatMap(this::wanted)
        .<Result>map(wanted -> new Result.Found(callOff.callOff(wanted)))
        .orElseGet(Result.NotFound::new);
  }

  private Optional<Generation> wanted(GenerationId id) {
    return settle.settle(id, new Observation.CancelRequested()).map(Transition::generation);
  }
}
