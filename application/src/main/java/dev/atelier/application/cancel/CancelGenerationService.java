package dev.atelier.application.cancel;

import dev.atelier.application.port.Generations;
import dev.atelier.application.settle.Settle;
import dev.atelier.domain.Generation;
import dev.atelier.domain.Observation;
import dev.atelier.domain.Transition;

/** Persists the cancel request before it calls Skytells, so that a crash cannot lose it. */
public final class CancelGenerationService implements CancelGeneration {
  private final Generations generations;
  private final Settle settle;
  private final CancelPrediction cancelPrediction;

  public CancelGenerationService(
      Generations generations, Settle settle, CancelPrediction cancelPrediction) {
    this.generations = generations;
    this.settle = settle;
    this.cancelPrediction = cancelPrediction;
  }

  @Override
  public Result cancel(Command command) {
    return command
        .scope()
        .find(generations, command.id())
        .flatMap(found -> settle.settle(found.id(), new Observation.CancelRequested()))
        .<Result>map(transition -> new Result.Found(cancelAtProvider(transition)))
        .orElseGet(Result.NotFound::new);
  }

  /** The sweep retries at a limited rate, so only the first request calls Skytells. */
  private Generation cancelAtProvider(Transition transition) {
    return switch (transition) {
      case Transition.Applied applied -> cancelPrediction.cancel(applied.generation());
      case Transition.Ignored ignored -> ignored.generation();
    };
  }
}
