package dev.atelier.application.settle;

import dev.atelier.application.port.Generations;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Observation;
import dev.atelier.domain.State;
import dev.atelier.domain.Transition;
import dev.atelier.domain.Transition.Applied;
import dev.atelier.domain.Transition.Ignored;
import dev.atelier.domain.Transition.Reason;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only way to change a generation: loads it, lets the domain decide, saves. Of two concurrent
 * writers one succeeds; the other decides again on the new state.
 */
public final class Settle {
  private static final Logger log = LoggerFactory.getLogger(Settle.class);

  private final Generations generations;
  private final Clock clock;

  public Settle(Generations generations, Clock clock) {
    this.generations = generations;
    this.clock = clock;
  }

  /**
   * Applies an observation; empty if the generation does not exist.
   *
   * @throws dev.atelier.application.port.UnavailableException if nothing could be written
   */
  public Optional<Transition> settle(GenerationId id, Observation observation) {
    return change(
        id, name(observation), generation -> generation.observe(observation, clock.instant()));
  }

  /**
   * Deletes a generation; empty if it does not exist.
   *
   * @throws dev.atelier.application.port.UnavailableException if nothing could be written
   */
  public Optional<Transition> delete(GenerationId id) {
    return change(id, "Deletion", generation -> generation.delete(clock.instant()));
  }

  private Optional<Transition> change(
      GenerationId id, String cause, Function<Generation, Transition> decision) {
    while (true) {
      Optional<Generation> found = generations.find(id);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      Generation current = found.get();
      switch (decision.apply(current)) {
        case Ignored ignored -> {
          if (ignored.reason() == Reason.ANOTHER_PREDICTION) {
            log.warn(
                "second prediction for one generation, possibly paid twice: generation={} prediction={}",
                id,
                current.state().prediction().map(Object::toString).orElse("none"));
          }
          log.debug(
              "observation ignored: generation={} observation={} reason={}",
              id,
              cause,
              ignored.reason());
          return Optional.of(ignored);
        }
        case Applied applied -> {
          switch (generations.save(applied.generation())) {
            case SAVED -> {
              logChange(current, applied.generation());
              return Optional.of(applied);
            }
            case PREDICTION_TAKEN -> {
              log.warn("prediction ignored, it belongs to another generation: generation={}", id);
              return Optional.of(new Ignored(current, Reason.ANOTHER_PREDICTION));
            }
            case CONFLICT ->
                log.debug("generation changed concurrently, deciding again: generation={}", id);
          }
        }
      }
    }
  }

  private static void logChange(Generation current, Generation next) {
    log.info(
        "generation changed: {} -> {} generation={} prediction={} revision={}{}{}",
        name(current.state()),
        name(next.state()),
        next.id(),
        next.state().prediction().map(Object::toString).orElse("none"),
        next.revision(),
        next.state() instanceof State.Failed failed
            ? " code=" + failed.failure().code().value()
            : "",
        next.deleted() ? " deleted" : "");
  }

  private static String name(Object value) {
    return value.getClass().getSimpleName();
  }
}
