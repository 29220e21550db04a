package dev.atelier.application.generate;

import dev.atelier.application.port.GenerationIds;
import dev.atelier.application.port.Generations;
import dev.atelier.application.port.Generations.Insertion;
import dev.atelier.application.port.Generations.OwnerLimits;
import dev.atelier.application.port.InputBuilder.Result.Built;
import dev.atelier.application.port.Predictions;
import dev.atelier.application.port.Predictions.Submission;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.application.settle.RetrySchedule;
import dev.atelier.application.settle.Settle;
import dev.atelier.application.store.SettleAndStore;
import dev.atelier.application.store.StoreOutputs;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationRequest;
import dev.atelier.domain.ModelInput;
import dev.atelier.domain.Observation;
import dev.atelier.domain.State;
import dev.atelier.domain.UserId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Persists the row before the paid call to Skytells, so that a paid result always has a row. */
public final class CreateGenerationService implements CreateGeneration {
  private static final Logger log = LoggerFactory.getLogger(CreateGenerationService.class);

  /** The time Skytells may need to list a submission whose response was lost. */
  private static final Duration LOOKUP_DELAY = Duration.ofSeconds(2);

  private final GenerationRequestValidator validator;
  private final InputFiles inputFiles;
  private final RetrySchedule schedule;
  private final OwnerLimits limits;
  private final Generations generations;
  private final Predictions predictions;
  private final SettleAndStore settleAndStore;
  private final GenerationIds ids;
  private final Clock clock;

  public CreateGenerationService(
      GenerationRequestValidator validator,
      InputFiles inputFiles,
      RetrySchedule schedule,
      OwnerLimits limits,
      Generations generations,
      Predictions predictions,
      Settle settle,
      StoreOutputs storeOutputs,
      GenerationIds ids,
      Clock clock) {
    this.validator = validator;
    this.inputFiles = inputFiles;
    this.schedule = schedule;
    this.limits = limits;
    this.generations = generations;
    this.predictions = predictions;
    this.settleAndStore = new SettleAndStore(settle, storeOutputs);
    this.ids = ids;
    this.clock = clock;
  }

  @Override
  public Result create(Command command) {
    try {
      GenerationRequestValidator.Checked checked = validator.check(command);
      Built built = validator.build(command, checked);
      GenerationRequest request = checked.request().withInput(built.input());
      if (!checked.offer().operational()) {
        return findReplay(command).orElseGet(() -> new Result.ModelOffline(request.model()));
      }
      ModelInput linked = link(command.owner(), request);
      return start(
          command,
          Generation.create(
              ids.next(), command.owner(), request, built.expected(), clock.instant()),
          linked);
    } catch (InvalidRequestException e) {
      return findReplay(command).orElseThrow(() -> e);
    } catch (UnusableInputException e) {
      return findReplay(command)
          .orElseGet(
              () ->
                  switch (e.reason()) {
                    case NOT_FOUND -> new Result.InputNotFound(e.path());
                    case UNREACHABLE -> new Result.InputUnreachable(e.path());
                  });
    }
  }

  /**
   * A repeated request whose first attempt was accepted is replayed, even if the model or a file
   * has become unavailable since.
   */
  private Optional<Result> findReplay(Command command) {
    return command
        .key()
        .flatMap(key -> generations.findByKey(command.owner(), key))
        .map(
            holder -> replay(holder, validator.check(command, holder.request().model()).request()));
  }

  private ModelInput link(UserId owner, GenerationRequest request) {
    Instant until = clock.instant().plus(schedule.timeout(request.model().kind()));
    return inputFiles.link(request.input().orElseThrow(), request.files(), owner, until);
  }

  private Result start(Command command, Generation generation, ModelInput linked) {
    return switch (generations.insert(generation, command.key(), limits)) {
      case Insertion.LimitReached _ -> new Result.LimitReached(limits.active());
      case Insertion.BudgetExceeded _ -> new Result.BudgetExceeded(untilTomorrow(generation));
      case Insertion.KeyTaken taken -> replay(taken.holder(), generation.request());
      case Insertion.Inserted _ -> {
        log.info(
            "generation accepted: generation={} model={}",
            generation.id(),
            generation.request().model());
        yield submit(generation, linked);
      }
    };
  }

  /** Budgets are per UTC day. */
  private static Duration untilTomorrow(Generation generation) {
    Instant tomorrow = generation.createdAt().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1));
    return Duration.between(generation.createdAt(), tomorrow);
  }

  /** Compares what the client sent; a default model equals an explicit one. */
  private Result replay(Generation holder, GenerationRequest request) {
    if (!holder.request().isEquivalentTo(request)) {
      return new Result.KeyReused();
    }
    return holder
        .refusal()
        .<Result>map(failure -> new Result.Refused(holder, failure, Optional.empty()))
        .orElseGet(() -> new Result.Replayed(holder));
  }

  private Result submit(Generation generation, ModelInput linked) {
    return switch (predictions.submit(generation.id(), generation.request().model(), linked)) {
      case Submission.Accepted accepted ->
          new Result.Accepted(settle(generation, accepted.prediction()));
      case Submission.Refused refused -> {
        Generation settled =
            settle(generation, new Observation.SubmissionRefused(refused.failure()));
        // A webhook may have shown meanwhile that an earlier attempt was accepted.
        yield settled.state() instanceof State.Failed
            ? new Result.Refused(settled, refused.failure(), refused.retryAfter())
            : new Result.Accepted(settled);
      }
      case Submission.Unconfirmed unconfirmed -> {
        log.warn(
            "submission unconfirmed, the sweep looks it up: generation={}: {}",
            generation.id(),
            unconfirmed.diagnostic());
        scheduleLookup(generation);
        yield new Result.Accepted(generation);
      }
    };
  }

  private Generation settle(Generation generation, Observation observation) {
    return settleAndStore.settleResponse(generation, observation, "create");
  }

  private void scheduleLookup(Generation generation) {
    try {
      generations.postpone(generation, clock.instant().plus(LOOKUP_DELAY));
    } catch (UnavailableException e) {
      log.warn(
          "could not schedule an early lookup, the sweep looks it up later: generation={}: {}",
          generation.id(),
          e.reason());
    }
  }
}
