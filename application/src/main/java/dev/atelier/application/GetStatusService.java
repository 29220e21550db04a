package dev.atelier.application;

import dev.atelier.application.port.Generations;
import dev.atelier.domain.Generation;
import java.time.Duration;
import java.util.Optional;

/** Reads the row; the row is the truth. Nobody waits for what is not theirs to see. */
public final class GetStatusService implements GetStatus {
  private final Generations generations;
  private final AwaitEnd awaitEnd;

  /** Wires the use case. */
  public GetStatusService(Generations generations, AwaitEnd awaitEnd) {
    this.generations = generations;
    this.awaitEnd = awaitEnd;
  }

  @Override
  public Result get(Query query) {
    return generations
        .find(query.id())
        .filter(query.viewer()::sees)
        .flatMap(found -> await(found, query.waitAtMost()))
        .<Result>map(Result.Found::new)
        .orElseGet(Result.NotFound::new);
  }

  private Optional<Generation> await(Generation found, Duration atMost) {
    return found.isActive() && atMost.isPositive()
        ? awaitEnd.await(found.id(), atMost)
        : Optional.of(found);
  }
}
