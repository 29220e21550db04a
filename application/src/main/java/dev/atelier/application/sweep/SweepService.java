package dev.atelier.application.sweep;

import dev.atelier.application.cancel.PurgeDeleted;
import dev.atelier.application.port.Generations;
import dev.atelier.application.port.Generations.Claim;
import dev.atelier.application.port.Generations.Work;
import dev.atelier.application.port.PollingLease;
import dev.atelier.application.port.PollingLease.Grant;
import dev.atelier.application.port.Predictions;
import dev.atelier.application.settle.RetrySchedule;
import dev.atelier.application.settle.Settle;
import dev.atelier.application.store.DrainSpool;
import dev.atelier.application.store.SettleAndStore;
import dev.atelier.application.store.StoreOutputs;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Claims due generations in small batches under a lease. Only one instance polls Skytells at a
 * time.
 */
public final class SweepService implements Sweep {
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final int MAX_TO_STORE = 32;

  /** If nothing is due. */
  private static final Duration IDLE_LEASE = Duration.ofMillis(500);

  /** More predictions than end within the lifetime of outputs. */
  private static final int MAX_REMEMBERED = 20_000;

  private final Generations generations;
  private final Predictions predictions;
  private final PollingLease pollingLease;
  private final SettleAndStore settleAndStore;
  private final StoreOutputs storeOutputs;
  private final PurgeDeleted purgeDeleted;
  private final DrainSpool drainSpool;
  private final RetrySchedule schedule;
  private final Clock clock;

  /** One polling round per instance; storing does not wait for it. */
  private final Lock observing = new ReentrantLock();

  private final SweepPace pace;
  private final PredictionList list;
  private final Set<PredictionId> settledPredictions = RecentSet.of(MAX_REMEMBERED);
  private final Set<Object> knownToFail = RecentSet.of(MAX_REMEMBERED);

  public SweepService(
      Generations generations,
      Predictions predictions,
      PollingLease pollingLease,
      Settle settle,
      StoreOutputs storeOutputs,
      PurgeDeleted purgeDeleted,
      DrainSpool drainSpool,
      RetrySchedule schedule,
      Clock clock) {
    this.generations = generations;
    this.predictions = predictions;
    this.pollingLease = pollingLease;
    this.settleAndStore = new SettleAndStore(settle, storeOutputs);
    this.storeOutputs = storeOutputs;
    this.purgeDeleted = purgeDeleted;
    this.drainSpool = drainSpool;
    this.schedule = schedule;
    this.clock = clock;
    this.pace = new SweepPace(generations, predictions::limits);
    this.list = new PredictionList(predictions, clock);
  }

  @Override
  public Result sweep(Command command) {
    Instant now = clock.instant();
    List<Claim> toStore = generations.claim(Work.STORE, now, LEASE, MAX_TO_STORE);
    var transfers = new ArrayList<CompletableFuture<Void>>();
    toStore.stream()
        .sorted(
            Comparator.<Claim, Boolean>comparing(claim -> !expiry(claim).isAfter(now))
                .thenComparing(SweepService::expiry))
        .forEach(
            claim -> transfers.add(storeOutputs.start(claim.generation(), claim.attempts() + 1)));
    transfers.add(drainSpool.start());
    Optional<ObserveRound> round = observe();
    round.ifPresent(done -> transfers.addAll(done.removals()));
    CompletableFuture.allOf(transfers.toArray(CompletableFuture[]::new))
        .completeOnTimeout(null, command.storeAtMost().toMillis(), TimeUnit.MILLISECONDS)
        .join();
    return new Result(
        toStore.size(),
        round.map(ObserveRound::claimed).orElse(0),
        round.map(done -> done.removals().size()).orElse(0),
        round.map(ObserveRound::changed).orElse(0));
  }

  private static Instant expiry(Claim claim) {
    return ((State.Storing) claim.generation().state()).expiresAt();
  }

  private Optional<ObserveRound> observe() {
    if (!observing.tryLock()) {
      return Optional.empty();
    }
    try {
      Instant now = clock.instant();
      return pollingLease.tryAcquire(now, now.plus(IDLE_LEASE)).map(grant -> round(grant, now));
    } finally {
      observing.unlock();
    }
  }

  private ObserveRound round(Grant grant, Instant now) {
    Duration pausePerCall = pace.pausePerCall(now);
    var calls = new CallBudget(clock, pace.callsPerRound(now), pace::isReserved, knownToFail);
    var round =
        new ObserveRound(
            generations,
            predictions,
            settleAndStore,
            purgeDeleted,
            schedule,
            clock,
            pace,
            list,
            settledPredictions,
            calls);
    round.run(pace.isListDue(grant.listReadAt(), now), pollingLease::holdUntil);
    if (round.wasBusy()) {
      Instant resumeAt = clock.instant().plus(pausePerCall.multipliedBy(calls.made()));
      Instant next = calls.outageUntil().filter(resumeAt::isBefore).orElse(resumeAt);
      round
          .listReadAt()
          .ifPresentOrElse(
              at -> pollingLease.holdUntil(next, at), () -> pollingLease.holdUntil(next));
    }
    return round;
  }
}
