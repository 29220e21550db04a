package dev.atelier.application;

import dev.atelier.application.port.Generations;
import dev.atelier.domain.Generation;
import dev.atelier.domain.Observation;
import dev.atelier.domain.Transition;

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
    return command
        .viewer()
        .find(generations, command.id())
        .flatMap(found -> settle.settle(found.id(), new Observation.CancelRequested()))
        .<Result>map(transition -> new Result.Found(calledOff(transition)))
        .orElseGet(Result.NotFound::new);
  }

  /** Skytells is asked by the first wish only; the sweep repeats it, politely. */
  private Generation calledOff(Transition transition) {
    return switch (transition) {
      case Transition.Applied applied -> callOff.callOff(applied.generation());
      case Transition.Ignored ignored -> ignored.generation();
    };
  }
}
