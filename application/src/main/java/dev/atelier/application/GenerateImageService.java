package dev.atelier.application;

import dev.atelier.application.port.GenerationIds;
import dev.atelier.application.port.Generations;
import dev.atelier.application.port.Generations.Insertion;
import dev.atelier.application.port.Predictions;
import dev.atelier.application.port.Predictions.Submission;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.application.port.UnreadableGenerationException;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationRequest;
import dev.atelier.domain.Observation;
import dev.atelier.domain.State;
import dev.atelier.domain.Transition;
import dev.atelier.domain.Transition.Applied;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Own row first, then the paid call, then what its reply says. */
public final class GenerateImageService implements GenerateImage {
  private static final Logger log = LoggerFactory.getLogger(GenerateImageService.class);

  /** When to look for a submission whose reply was lost: Skytells may still be writing it down. */
  private static final Duration LOOK_SOON = Duration.ofSeconds(2);

  private final RequestRules rules;
  private final int activeLimit;
  private final Generations generations;
  private final Predictions predictions;
  private final Settle settle;
  private final StoreOutputs storeOutputs;
  private final GenerationIds ids;
  private final Clock clock;

  /**
   * Wires the use case.
   *
   * @param activeLimit the most active generations of one owner
   */
  public GenerateImageService(
      RequestRules rules,
      int activeLimit,
      Generations generations,
      Predictions predictions,
      Settle settle,
      StoreOutputs storeOutputs,
      GenerationIds ids,
      Clock clock) {
    this.rules = rules;
    this.activeLimit = activeLimit;
    this.generations = generations;
    this.predictions = predictions;
    this.settle = settle;
    this.storeOutputs = storeOutputs;
    this.ids = ids;
    this.clock = clock;
  }

  @Override
  public Result generate(Command command) {
    GenerationRequest request = rules.check(command);
    Generation begun = Generation.begin(ids.next(), command.owner(), request, clock.instant());
    return switch (generations.insert(begun, command.key(), activeLimit)) {
      case Insertion.LimitReached _ -> new Result.LimitReached(activeLimit);
      case Insertion.KeyTaken taken -> replay(taken.holder(), request);
      case Insertion.Inserted _ -> {
        log.info("generation {} accepted for model {}", begun.id(), request.model());
        yield submit(begun);
      }
    };
  }

  /** The row keeps what was asked for, every default filled in: no other wish means the same. */
  private Result replay(Generation holder, GenerationRequest request) {
    if (!holder.request().asksTheSameAs(request)) {
      return new Result.KeyReused();
    }
    return holder
        .refusal()
        .<Result>map(failure -> new Result.Refused(holder, failure, Optional.empty()))
        .orElseGet(() -> new Result.Replayed(holder));
  }

  private Result submit(Generation begun) {
    return switch (predictions.submit(begun.id(), begun.request())) {
      case Submission.Accepted accepted ->
          new Result.Accepted(settle(begun, accepted.prediction()));
      case Submission.Refused refused -> {
        Generation settled = settle(begun, new Observation.SubmissionRefused(refused.failure()));
        // A webhook may have shown meanwhile that an earlier try was accepted after all.
        yield settled.state() instanceof State.Failed
            ? new Result.Refused(settled, refused.failure(), refused.retryAfter())
            : new Result.Accepted(settled);
      }
      case Submission.Unconfirmed unconfirmed -> {
        log.warn("generation {} is unconfirmed: {}", begun.id(), unconfirmed.diagnostic());
        lookSoon(begun);
        yield new Result.Accepted(begun);
      }
    };
  }

  /**
   * The client's row is durable whatever happens here: where the reply cannot be written down, the
   * webhook brings the same news again.
   */
  private Generation settle(Generation begun, Observation observation) {
    try {
      Optional<Transition> transition = settle.settle(begun.id(), observation);
      if (transition.orElse(null) instanceof Applied applied) {
        var _ = storeOutputs.start(applied.generation(), 0); // a reply may be finished already
      }
      return transition.map(Transition::generation).orElse(begun);
    } catch (UnavailableException e) {
      log.error(
          "generation {}: the create reply could not be written down: {}", begun.id(), e.reason());
      return begun;
    } catch (UnreadableGenerationException e) { // a newer version has moved it meanwhile
      log.warn("generation {}: the create reply could not be applied", begun.id(), e);
      return begun;
    }
  }

  private void lookSoon(Generation begun) {
    try {
      generations.postpone(begun, clock.instant().plus(LOOK_SOON));
    } catch (UnavailableException e) {
      log.warn("generation {} will be looked for a little later: {}", begun.id(), e.reason());
    }
  }
}
