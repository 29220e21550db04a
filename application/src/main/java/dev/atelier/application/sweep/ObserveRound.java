package dev.atelier.application.sweep;

import dev.atelier.application.cancel.PurgeDeleted;
import dev.atelier.application.port.Generations;
import dev.atelier.application.port.Generations.Claim;
import dev.atelier.application.port.Generations.Work;
import dev.atelier.application.port.Predictions;
import dev.atelier.application.port.Predictions.Cancellation;
import dev.atelier.application.port.Predictions.Entry;
import dev.atelier.application.port.Predictions.LookupResult;
import dev.atelier.application.port.Predictions.Tries;
import dev.atelier.application.port.Predictions.Unavailable;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.application.port.UnreadableGenerationException;
import dev.atelier.application.settle.RetrySchedule;
import dev.atelier.application.store.SettleAndStore;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Observation;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.State;
import dev.atelier.domain.Transition.Applied;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One round of polling Skytells: the list, if it may replace several lookups, then a lookup for
 * each due generation that it did not show. Claims no more generations than it has calls for.
 */
final class ObserveRound {
  private static final Logger log = LoggerFactory.getLogger(ObserveRound.class);

  /** Longer than a round takes. */
  private static final Duration LEASE = Duration.ofSeconds(30);

  private static final int MAX_TO_OBSERVE = 500;

  private final Generations generations;
  private final Predictions predictions;
  private final SettleAndStore settleAndStore;
  private final PurgeDeleted purgeDeleted;
  private final RetrySchedule schedule;
  private final Clock clock;
  private final SweepPace pace;
  private final PredictionList list;
  private final Set<PredictionId> settledPredictions;
  private final CallBudget calls;
  private final ListedPredictions listed;
  private final Instant startedAt;
  private final Set<GenerationId> changed = new HashSet<>();
  private final List<CompletableFuture<Void>> removals = new ArrayList<>();
  private int claimed;
  private boolean busy;
  private boolean listRead;
  private boolean hasCapacity;

  /**
   * @param settledPredictions whose end was settled before; updated
   */
  ObserveRound(
      Generations generations,
      Predictions predictions,
      SettleAndStore settleAndStore,
      PurgeDeleted purgeDeleted,
      RetrySchedule schedule,
      Clock clock,
      SweepPace pace,
      PredictionList list,
      Set<PredictionId> settledPredictions,
      CallBudget calls) {
    this.generations = generations;
    this.predictions = predictions;
    this.settleAndStore = settleAndStore;
    this.purgeDeleted = purgeDeleted;
    this.schedule = schedule;
    this.clock = clock;
    this.pace = pace;
    this.list = list;
    this.settledPredictions = settledPredictions;
    this.calls = calls;
    this.listed = new ListedPredictions(settledPredictions);
    this.startedAt = clock.instant();
  }

  /**
   * @param listDue whether to read the list even if nothing is due
   * @param extendLease called with the new end if there is work
   */
  void run(boolean listDue, Consumer<Instant> extendLease) {
    List<Claim> claims = claim();
    boolean onlyListed = claims.stream().anyMatch(this::needsList);
    boolean listHelps = list.mayHelp(onlyListed);
    busy = !claims.isEmpty() || (listDue && listHelps);
    if (busy) {
      extendLease.accept(startedAt.plus(LEASE));
    }
    if (listHelps && (onlyListed || claims.size() > PredictionList.MAX_DIRECT_LOOKUPS)) {
      listRead = list.readFor(claims, onlyListed, !hasCapacity, listed, calls);
    } else if (listHelps && listDue) {
      listRead = list.readNewest(listed, calls);
    }
    if (claims.stream().anyMatch(this::endedInList)) {
      pace.recordLoss(startedAt);
    }
    listed.ended(startedAt).forEach(this::settleListed);
    while (!claims.isEmpty()) {
      observe(claims);
      claims = calls.mayCall() && claimed < MAX_TO_OBSERVE ? claim() : List.of();
    }
    if (calls.mayCall()) {
      generations.claim(Work.REMOVE, startedAt, LEASE, calls.remaining()).forEach(this::remove);
    }
  }

  private List<Claim> claim() {
    List<Claim> claims = generations.claim(Work.OBSERVE, startedAt, LEASE, calls.remaining());
    claimed += claims.size();
    hasCapacity = claims.size() < calls.remaining();
    return claims;
  }

  /** Such predictions can only be found in the list. */
  private boolean needsList(Claim claim) {
    return claim.generation().state().prediction().map(calls::isKnownToFail).orElse(true);
  }

  private boolean endedInList(Claim claim) {
    return listed.of(claim.generation()).filter(Prediction::hasEnded).isPresent();
  }

  /** The list may not show it again. */
  private void settleListed(Entry entry) {
    entry
        .generation()
        .or(() -> findHolder(entry.prediction().id()))
        .ifPresent(
            id ->
                runIsolated(
                    id,
                    () -> {
                      settle(id, entry.prediction());
                      settledPredictions.add(entry.prediction().id());
                    }));
  }

  /** Cancellations come last, because outputs of ended predictions expire. */
  private void observe(List<Claim> claims) {
    claims.stream()
        .filter(claim -> !changed.contains(claim.generation().id()))
        .sorted(
            Comparator.comparing(claim -> claim.generation().state() instanceof State.Canceling))
        .forEach(claim -> runIsolated(claim.generation().id(), () -> observe(claim)));
  }

  private Optional<GenerationId> findHolder(PredictionId id) {
    try {
      return generations.findByPrediction(id).map(Generation::id);
    } catch (UnreadableGenerationException e) {
      log.debug("generation skipped: generation={}", e.id(), e);
      return Optional.empty();
    }
  }

  /** A failure must not affect other generations. */
  private static void runIsolated(GenerationId id, Runnable work) {
    try {
      work.run();
    } catch (UnavailableException e) {
      throw e;
    } catch (UnreadableGenerationException e) { // the store has logged it
      log.debug("generation skipped: generation={}", id, e);
    } catch (RuntimeException e) {
      log.error("generation skipped after an error: generation={}", id, e);
    }
  }

  private void observe(Claim claim) {
    Generation generation = claim.generation();
    Optional<Prediction> shown = listed.of(generation);
    Optional<PredictionId> known = generation.state().prediction();
    boolean canceling = generation.state() instanceof State.Canceling;
    boolean needsCall =
        known.isPresent()
            && (canceling ? shown.filter(Prediction::hasEnded).isEmpty() : shown.isEmpty());
    if (!needsCall) {
      settleOrPostpone(claim, shown, shown.isPresent() && !needsList(claim));
      return;
    }
    if (!calls.mayCall()) {
      postponeWithoutAttempt(claim, shown);
      return;
    }
    Optional<Prediction> observed =
        canceling ? cancelAndFind(known.get(), shown) : find(known.get());
    if (observed.filter(Prediction::hasEnded).isPresent() && !canceling) {
      pace.recordLoss(startedAt);
    }
    settleOrPostpone(claim, observed, observed.isPresent() && !canceling && !needsList(claim));
  }

  private Optional<Prediction> find(PredictionId id) {
    if (!calls.mayCall()) {
      return Optional.empty();
    }
    calls.spend();
    return switch (predictions.find(id, Tries.ONE)) {
      case LookupResult.Found found -> {
        calls.answered(id);
        yield Optional.of(found.prediction());
      }
      case LookupResult.NotFound _ -> {
        calls.notFound(id);
        yield Optional.empty();
      }
      case Unavailable unavailable -> {
        calls.failed(id, unavailable);
        yield Optional.empty();
      }
    };
  }

  /** The listed state may be outdated, so it is used only if the call fails. */
  private Optional<Prediction> cancelAndFind(PredictionId id, Optional<Prediction> shown) {
    Optional<Prediction> ended = cancel(id);
    return ended.or(() -> shown.filter(_ -> calls.isKnownToFail(id))).or(() -> find(id));
  }

  private Optional<Prediction> cancel(PredictionId id) {
    if (!calls.mayCall()) {
      return Optional.empty();
    }
    calls.spend();
    return switch (predictions.cancel(id, Tries.ONE)) {
      case Cancellation.Accepted accepted -> {
        calls.answered(id);
        yield accepted.prediction().filter(Prediction::hasEnded);
      }
      case Cancellation.Refused _ -> {
        calls.answered(id);
        yield find(id);
      }
      case Unavailable unavailable -> {
        calls.failed(id, unavailable);
        yield Optional.empty();
      }
    };
  }

  /**
   * @param answered whether Skytells answered a call about the prediction
   */
  private void settleOrPostpone(Claim claim, Optional<Prediction> observed, boolean answered) {
    Generation generation = claim.generation();
    if (observed.isPresent() && settle(generation.id(), observed.get())) {
      return;
    }
    Instant now = clock.instant();
    boolean mayGiveUp =
        calls.mayCall()
            || calls.outageUntil().isPresent()
            || generation.state().prediction().isEmpty();
    if (schedule.isOverdue(generation, now) && mayGiveUp) {
      giveUp(generation);
      return;
    }
    // Failing lookups back off regardless of capacity.
    Instant next =
        answered && hasCapacity
            ? schedule.nextAttemptSoon(generation, claim.attempts(), now)
            : schedule.nextAttempt(generation, claim.attempts(), now);
    generations.postpone(generation, next);
  }

  /** Keeps its place in the queue. */
  private void postponeWithoutAttempt(Claim claim, Optional<Prediction> shown) {
    Generation generation = claim.generation();
    Instant now = clock.instant();
    if (calls.outageUntil().isPresent() && schedule.isOverdue(generation, now)) {
      settleOrPostpone(claim, shown, false);
      return;
    }
    Optional<Instant> firstDue =
        generation
            .dueAt()
            .filter(_ -> claim.attempts() <= 1)
            .filter(due -> due.isAfter(now.minus(State.RETENTION)) && due.isBefore(now));
    generations.postpone(generation, firstDue.orElse(now));
  }

  private void giveUp(Generation generation) {
    generation
        .state()
        .prediction()
        .flatMap(this::cancel)
        .filter(
            last -> !(last instanceof Prediction.Canceled)) // by this cancel, so it has timed out
        .ifPresent(last -> settle(generation.id(), last));
    settle(generation.id(), new Observation.GaveUp(RetrySchedule.overdueFailure(generation)));
  }

  private boolean settle(GenerationId id, Observation observation) {
    boolean applied = settleAndStore.settle(id, observation).orElse(null) instanceof Applied;
    if (applied) {
      changed.add(id);
    }
    return applied;
  }

  private void remove(Claim claim) {
    calls.spend(); // the prediction is deleted at Skytells as well
    removals.add(purgeDeleted.start(claim.generation()));
  }

  int claimed() {
    return claimed;
  }

  int changed() {
    return changed.size();
  }

  List<CompletableFuture<Void>> removals() {
    return removals;
  }

  Optional<Instant> listReadAt() {
    return listRead ? Optional.of(startedAt) : Optional.empty();
  }

  boolean wasBusy() {
    return busy || calls.made() > 0;
  }
}
