package dev.atelier.domain;

import dev.atelier.domain.Transition.Applied;
import dev.atelier.domain.Transition.Ignored;
import dev.atelier.domain.Transition.Reason;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A client's request and its progress: the aggregate of this domain.
 *
 * @param createdAt when it was accepted
 * @param updatedAt when it last changed
 * @param revision the number of changes, from 0; if two writers save the same revision, one of them
 *     fails
 * @param deleted hidden from clients, and removed once it has ended
 * @param cost empty if unknown
 */
public record Generation(
    GenerationId id,
    UserId owner,
    GenerationRequest request,
    Instant createdAt,
    Instant updatedAt,
    int revision,
    boolean deleted,
    Optional<Cost> cost,
    State state) {

  /**
   * Creates a generation that is not submitted yet.
   *
   * @param expected what it will produce, from which its cost is estimated
   */
  public static Generation create(
      GenerationId id, UserId owner, GenerationRequest request, Quantity expected, Instant now) {
    Optional<Cost> estimate =
        request
            .price()
            .flatMap(
                price ->
                    price.of(expected).map(amount -> new Cost(amount, price.currency(), true)));
    return new Generation(id, owner, request, now, now, 0, false, estimate, new State.Submitting());
  }

  /** Whether it counts towards its owner's quota, because it has not ended. */
  public boolean isActive() {
    return state.endedAt().isEmpty();
  }

  /** Why the provider refused the create call, if it did. */
  public Optional<Failure> refusal() {
    return state instanceof State.Failed failed
            && failed.predictionId().isEmpty()
            && failed.failure().code() != Failure.Code.SUBMISSION_UNCONFIRMED
        ? Optional.of(failed.failure())
        : Optional.empty();
  }

  /**
   * Whether it holds its idempotency key. A generation releases its key if Skytells refused it for
   * a temporary reason, in which case nothing was billed, or if it is deleted. A request with the
   * same key then starts a new generation.
   */
  public boolean holdsKey() {
    return !deleted && refusal().filter(failure -> failure.code().isTemporary()).isEmpty();
  }

  /**
   * When the sweep processes this generation; empty if it has ended and is not deleted. The sweep
   * is a fallback: usually a create response or webhook changes the generation earlier.
   */
  public Optional<Instant> dueAt() {
    return switch (state) {
      case State.Submitting _, State.Storing _ -> Optional.of(updatedAt.plusSeconds(15));
      case State.Queued _, State.Processing _, State.Canceling _ ->
          Optional.of(updatedAt.plusSeconds(10));
      case State.Succeeded _, State.Failed _, State.Canceled _ ->
          deleted ? Optional.of(updatedAt.plusSeconds(10)) : Optional.empty();
    };
  }

  /** Marks it for removal. If its prediction has not ended, requests a cancel as well. */
  public Transition delete(Instant now) {
    if (deleted) {
      return ignored(Reason.REPEATED);
    }
    State next = observe(new Observation.CancelRequested(), now).generation().state();
    return new Applied(
        new Generation(id, owner, request, createdAt, now, revision + 1, true, cost, next));
  }

  /**
   * The transition function: applies an observation.
   *
   * @param now when the observation was made
   * @throws IllegalArgumentException if an output index is out of range, which is a bug
   */
  public Transition observe(Observation observation, Instant now) {
    if (observation instanceof Prediction prediction
        && state.prediction().filter(known -> !known.equals(prediction.id())).isPresent()) {
      return ignored(isActive() ? Reason.ANOTHER_PREDICTION : Reason.ENDED);
    }
    if (observation instanceof Observation.BillReported report) {
      return bill(report);
    }
    Transition transition = move(observation, now);
    return transition instanceof Applied applied
        ? new Applied(applied.generation().withCostAfter(observation))
        : transition;
  }

  /** Whether its prediction has succeeded, but the provider has not reported what it costs. */
  public boolean lacksBill() {
    boolean succeeded = state instanceof State.Storing || state instanceof State.Succeeded;
    return succeeded
        && !deleted
        && request.price().isPresent()
        && cost.filter(known -> !known.estimated()).isEmpty();
  }

  /** A report may come after the end; it changes the cost only. */
  private Transition bill(Observation.BillReported report) {
    Optional<Cost> reported =
        lacksBill() && state.prediction().filter(report.prediction()::equals).isPresent()
            ? request.price().flatMap(report.billed()::cost)
            : Optional.empty();
    return reported.isEmpty()
        ? ignored(Reason.REPEATED)
        : new Applied(
            new Generation(
                id, owner, request, createdAt, updatedAt, revision + 1, deleted, reported, state));
  }

  /**
   * The provider's report replaces the estimate: the amount, or else what it delivered at the known
   * price. A refused submission costs nothing. If the provider reports neither, the estimate stays.
   */
  private Generation withCostAfter(Observation observation) {
    Optional<Cost> reported =
        switch (observation) {
          case Prediction.Succeeded succeeded ->
              request
                  .price()
                  .flatMap(succeeded.billed().orDelivered(succeeded.outputs().size())::cost);
          case Prediction prediction -> request.price().flatMap(prediction.billed()::cost);
          case Observation.SubmissionRefused _ ->
              cost.filter(_ -> refusal().isPresent())
                  .map(estimate -> new Cost(BigDecimal.ZERO, estimate.currency(), false));
          case Observation.GaveUp _,
              Observation.CancelRequested _,
              Observation.BillReported _,
              Observation.OutputStored _,
              Observation.OutputRejected _,
              Observation.OutputLost _ ->
              Optional.empty();
        };
    return reported.isEmpty()
        ? this
        : new Generation(
            id, owner, request, createdAt, updatedAt, revision, deleted, reported, state);
  }

  private Transition move(Observation observation, Instant now) {
    return switch (state) {
      case State.Submitting _ -> whileSubmitting(observation, now);
      case State.Queued queued ->
          whileRunning(queued.predictionId(), false, Optional.empty(), observation, now);
      case State.Processing processing ->
          whileRunning(
              processing.predictionId(), true, processing.unreadableSince(), observation, now);
      case State.Canceling canceling -> whileCanceling(canceling, observation, now);
      case State.Storing storing -> whileStoring(storing, observation, now);
      case State.Succeeded _, State.Failed _, State.Canceled _ -> ignored(Reason.ENDED);
    };
  }

  private Transition whileSubmitting(Observation observation, Instant now) {
    return switch (observation) {
      case Prediction.Queued queued -> applied(new State.Queued(queued.id()), now);
      case Prediction.Processing processing -> applied(new State.Processing(processing.id()), now);
      case Prediction.Succeeded succeeded -> applied(stateAfterSuccess(succeeded, now), now);
      case Prediction.Unreadable unreadable -> markUnreadable(unreadable.id(), now);
      case Prediction.Failed failed ->
          applied(failed(Optional.of(failed.id()), failed.failure(), now), now);
      case Prediction.Canceled canceled -> applied(new State.Canceled(canceled.id(), now), now);
      case Observation.SubmissionRefused refused ->
          applied(failed(Optional.empty(), refused.failure(), now), now);
      case Observation.GaveUp gaveUp ->
          applied(failed(Optional.empty(), gaveUp.failure(), now), now);
      case Observation.CancelRequested _ -> applied(new State.Canceling(Optional.empty()), now);
      case Observation.BillReported _,
          Observation.OutputStored _,
          Observation.OutputRejected _,
          Observation.OutputLost _ ->
          ignored(Reason.STALE);
    };
  }

  private Transition whileRunning(
      PredictionId predictionId,
      boolean begun,
      Optional<Instant> unreadableSince,
      Observation observation,
      Instant now) {
    return switch (observation) {
      case Prediction.Queued _ -> ignored(begun ? Reason.STALE : Reason.REPEATED);
      case Prediction.Processing _ ->
          begun ? ignored(Reason.REPEATED) : applied(new State.Processing(predictionId), now);
      case Prediction.Succeeded succeeded -> applied(stateAfterSuccess(succeeded, now), now);
      case Prediction.Unreadable unreadable -> {
        if (unreadableSince.isEmpty()) {
          yield markUnreadable(predictionId, now);
        }
        boolean patient = now.isBefore(unreadableSince.get().plus(State.UNREADABLE_TIMEOUT));
        yield patient ? ignored(Reason.REPEATED) : applied(unreadable(unreadable, now), now);
      }
      case Prediction.Failed failed ->
          applied(failed(Optional.of(predictionId), failed.failure(), now), now);
      case Prediction.Canceled _ -> applied(new State.Canceled(predictionId, now), now);
      case Observation.GaveUp gaveUp ->
          applied(failed(Optional.of(predictionId), gaveUp.failure(), now), now);
      case Observation.CancelRequested _ ->
          applied(new State.Canceling(Optional.of(predictionId)), now);
      case Observation.SubmissionRefused _,
          Observation.BillReported _,
          Observation.OutputStored _,
          Observation.OutputRejected _,
          Observation.OutputLost _ ->
          ignored(Reason.STALE);
    };
  }

  private Transition whileCanceling(
      State.Canceling canceling, Observation observation, Instant now) {
    Optional<PredictionId> known = canceling.predictionId();
    return switch (observation) {
      case Prediction.Queued queued -> stillCanceling(known, queued, now);
      case Prediction.Processing processing -> stillCanceling(known, processing, now);
      case Prediction.Succeeded succeeded -> applied(stateAfterSuccess(succeeded, now), now);
      // The prediction has ended, so there is nothing left to cancel.
      case Prediction.Unreadable unreadable ->
          deleted
              ? applied(unreadable(unreadable, now), now)
              : markUnreadable(unreadable.id(), now);
      case Prediction.Failed failed ->
          applied(failed(Optional.of(failed.id()), failed.failure(), now), now);
      case Prediction.Canceled canceled -> applied(new State.Canceled(canceled.id(), now), now);
      case Observation.SubmissionRefused refused ->
          known.isPresent()
              ? ignored(Reason.STALE)
              : applied(failed(known, refused.failure(), now), now);
      case Observation.GaveUp gaveUp -> applied(failed(known, gaveUp.failure(), now), now);
      case Observation.CancelRequested _ -> ignored(Reason.REPEATED);
      case Observation.BillReported _,
          Observation.OutputStored _,
          Observation.OutputRejected _,
          Observation.OutputLost _ ->
          ignored(Reason.STALE);
    };
  }

  /**
   * Records the time of the first unreadable output, so that all instances give up at the same
   * time.
   */
  private Applied markUnreadable(PredictionId predictionId, Instant now) {
    return applied(new State.Processing(predictionId, Optional.of(now)), now);
  }

  private State unreadable(Prediction.Unreadable seen, Instant now) {
    return deleted
        ? new State.Canceled(seen.id(), now)
        : failed(
            Optional.of(seen.id()),
            new Failure(
                Failure.Code.UNREADABLE_OUTPUT, "no result found in output " + seen.structure()),
            now);
  }

  private Transition stillCanceling(Optional<PredictionId> known, Prediction running, Instant now) {
    return known.isPresent()
        ? ignored(Reason.REPEATED)
        : applied(new State.Canceling(Optional.of(running.id())), now);
  }

  private Transition whileStoring(State.Storing storing, Observation observation, Instant now) {
    return switch (observation) {
      case Observation.OutputStored stored ->
          resolve(storing, stored.index(), new OutputStatus.Stored(stored.asset()), now);
      case Observation.OutputRejected refused -> refuse(storing, refused.index(), now);
      case Observation.OutputLost lost ->
          resolve(storing, lost.index(), new OutputStatus.Lost(lost.failure()), now);
      case Prediction.Succeeded _, Prediction.Unreadable _ -> ignored(Reason.REPEATED);
      case Prediction.Queued _,
          Prediction.Processing _,
          Prediction.Failed _,
          Prediction.Canceled _,
          Observation.SubmissionRefused _,
          Observation.GaveUp _,
          Observation.CancelRequested _,
          Observation.BillReported _ ->
          ignored(Reason.STALE);
    };
  }

  /** Records only the time of the first refusal. */
  private Transition refuse(State.Storing storing, int index, Instant now) {
    requireOutput(storing, index);
    if (!(storing.outputs().get(index) instanceof OutputStatus.Awaiting awaiting)
        || awaiting.rejectedSince().isPresent()) {
      return ignored(Reason.REPEATED);
    }
    List<OutputStatus> outputs = new ArrayList<>(storing.outputs());
    outputs.set(index, new OutputStatus.Awaiting(awaiting.output(), Optional.of(now)));
    return applied(new State.Storing(storing.predictionId(), outputs, storing.expiresAt()), now);
  }

  private void requireOutput(State.Storing storing, int index) {
    if (index < 0 || index >= storing.outputs().size()) {
      throw new IllegalArgumentException("no output " + index + " in generation " + id);
    }
  }

  private Transition resolve(State.Storing storing, int index, OutputStatus status, Instant now) {
    requireOutput(storing, index);
    if (!(storing.outputs().get(index) instanceof OutputStatus.Awaiting)) {
      return ignored(Reason.REPEATED);
    }
    List<OutputStatus> outputs = new ArrayList<>(storing.outputs());
    outputs.set(index, status);
    var next = new State.Storing(storing.predictionId(), outputs, storing.expiresAt());
    if (outputs.stream().anyMatch(OutputStatus.Awaiting.class::isInstance)) {
      return applied(next, now);
    }
    State end =
        outputs.stream()
            .filter(OutputStatus.Lost.class::isInstance)
            .map(output -> ((OutputStatus.Lost) output).failure())
            .findFirst()
            .<State>map(
                failure ->
                    new State.Failed(
                        Optional.of(next.predictionId()), failure, next.storedAssets(), now))
            .orElseGet(() -> new State.Succeeded(next.predictionId(), next.storedAssets(), now));
    return applied(end, now);
  }

  /**
   * Outputs must be stored before success. Success without outputs is a failure. A deleted
   * generation counts as canceled.
   */
  private State stateAfterSuccess(Prediction.Succeeded succeeded, Instant now) {
    if (deleted) {
      return new State.Canceled(succeeded.id(), now);
    }
    if (succeeded.outputs().isEmpty()) {
      var failure = new Failure(Failure.Code.NO_OUTPUT, "succeeded without an output");
      return failed(Optional.of(succeeded.id()), failure, now);
    }
    // The provider's clock may be wrong: the end is at most now, and not before the generation
    // started.
    Instant ended =
        succeeded
            .completedAt()
            .filter(at -> at.isBefore(now) && !at.isBefore(createdAt))
            .orElse(now);
    List<OutputStatus> outputs =
        succeeded.outputs().stream().<OutputStatus>map(OutputStatus.Awaiting::new).toList();
    return new State.Storing(succeeded.id(), outputs, ended.plus(State.RETENTION));
  }

  private static State.Failed failed(
      Optional<PredictionId> predictionId, Failure failure, Instant now) {
    return new State.Failed(predictionId, failure, List.of(), now);
  }

  private Applied applied(State next, Instant now) {
    return new Applied(
        new Generation(id, owner, request, createdAt, now, revision + 1, deleted, cost, next));
  }

  private Ignored ignored(Reason reason) {
    return new Ignored(this, reason);
  }
}
