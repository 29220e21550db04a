package dev.atelier.application;

import dev.atelier.application.port.Generations;
import dev.atelier.application.port.Generations.Claim;
import dev.atelier.application.port.Generations.Work;
import dev.atelier.application.port.Predictions;
import dev.atelier.application.port.Predictions.Cancellation;
import dev.atelier.application.port.Predictions.Entry;
import dev.atelier.application.port.Predictions.Listing;
import dev.atelier.application.port.Predictions.Sighting;
import dev.atelier.application.port.Predictions.Unavailable;
import dev.atelier.application.port.Turns;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.application.port.UnreadableGenerationException;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Observation;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.State;
import dev.atelier.domain.Transition;
import dev.atelier.domain.Transition.Applied;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what is due in small, leased portions. Is polite to Skytells: one instance asks at a time,
 * a couple of predictions are looked at one by one, more of them by one look at the list, and
 * between two rounds of looking there is a pause for every call that was made.
 */
public final class SweepService implements Sweep {
  private static final Logger log = LoggerFactory.getLogger(SweepService.class);

  /** Longer than a round takes, and short beside the five minutes that an output has. */
  private static final Duration LEASE = Duration.ofSeconds(30);

  private static final int MAX_TO_STORE = 32;
  private static final int MAX_TO_OBSERVE = 50;

  /** Up to so many are looked at one by one, without the list. */
  private static final int FEW = 2;

  /** How much of the list is read in a round: 250 predictions. */
  private static final int MAX_PAGES = 5;

  /** After so many calls nothing more is asked in a round; 24 is a multiple of it. */
  private static final int MAX_CALLS = 8;

  /** After so long nothing more is asked in a round: Skytells may be slow, and a lease ends. */
  private static final Duration ROUND_AT_MOST = Duration.ofSeconds(20);

  /** Keeps all instances together below 24 calls a minute; the smallest accounts have 25. */
  private static final Duration PAUSE_PER_CALL = Duration.ofMillis(2500);

  /** How long to leave a Skytells alone that is broken and names no time. */
  private static final Duration PAUSE_WHEN_BROKEN = Duration.ofSeconds(10);

  /** How long a turn lasts in which there is nothing to do. */
  private static final Duration IDLE_TURN = Duration.ofMillis(500);

  private final Generations generations;
  private final Predictions predictions;
  private final Turns turns;
  private final Settle settle;
  private final StoreOutputs storeOutputs;
  private final RemoveDeleted removeDeleted;
  private final DrainSpool drainSpool;
  private final SweepSchedule schedule;
  private final Clock clock;

  /** One round at a time, so that what is to be stored does not wait for a slow Skytells. */
  private final Lock observing = new ReentrantLock();

  /** Where the list is read on; the first page is read in every round. */
  private int nextPage = 2;

  /** Wires the use case. */
  public SweepService(
      Generations generations,
      Predictions predictions,
      Turns turns,
      Settle settle,
      StoreOutputs storeOutputs,
      RemoveDeleted removeDeleted,
      DrainSpool drainSpool,
      SweepSchedule schedule,
      Clock clock) {
    this.generations = generations;
    this.predictions = predictions;
    this.turns = turns;
    this.settle = settle;
    this.storeOutputs = storeOutputs;
    this.removeDeleted = removeDeleted;
    this.drainSpool = drainSpool;
    this.schedule = schedule;
    this.clock = clock;
  }

  @Override
  public Result sweep(Command command) {
    List<Claim> toStore = generations.claim(Work.STORE, clock.instant(), LEASE, MAX_TO_STORE);
    var transfers = new ArrayList<CompletableFuture<Void>>();
    toStore.forEach(
        claim -> transfers.add(storeOutputs.start(claim.generation(), claim.looks() + 1)));
    transfers.add(drainSpool.start());
    Round round = observe();
    transfers.addAll(round.removals);
    CompletableFuture.allOf(transfers.toArray(CompletableFuture[]::new))
        .completeOnTimeout(null, command.storeAtMost().toMillis(), TimeUnit.MILLISECONDS)
        .join();
    return new Result(toStore.size(), round.claimed, round.removals.size(), round.moved);
  }

  /** What is due while another round is at it, here or elsewhere, is due in the next one, too. */
  private Round observe() {
    var round = new Round(clock.instant());
    if (observing.tryLock()) {
      try {
        if (turns.take(round.begun, round.begun.plus(IDLE_TURN))) {
          round.run();
        }
      } finally {
        observing.unlock();
      }
    }
    return round;
  }

  /** One round of asking Skytells. */
  private final class Round {
    private final Instant begun;
    private final Map<GenerationId, Prediction> byGeneration = new HashMap<>();
    private final Map<PredictionId, Prediction> byId = new HashMap<>();
    private final List<Entry> ended = new ArrayList<>();
    private final List<CompletableFuture<Void>> removals = new ArrayList<>();
    private int claimed;
    private int moved;
    private int calls;
    private Optional<Instant> leaveAloneUntil = Optional.empty();

    Round(Instant begun) {
      this.begun = begun;
    }

    void run() {
      List<Claim> claims = generations.claim(Work.OBSERVE, begun, LEASE, MAX_TO_OBSERVE);
      claimed = claims.size();
      if (!claims.isEmpty()) {
        turns.keep(begun.plus(LEASE));
        look(claims);
      }
      if (mayAsk()) {
        generations.claim(Work.REMOVE, begun, LEASE, MAX_CALLS - calls).forEach(this::remove);
      }
      if (!claims.isEmpty() || calls > 0) {
        Instant pauseUntil = clock.instant().plus(PAUSE_PER_CALL.multipliedBy(calls));
        turns.keep(leaveAloneUntil.filter(pauseUntil::isBefore).orElse(pauseUntil));
      }
    }

    private void remove(Claim claim) {
      calls++; // Skytells is asked to forget it, too
      removals.add(removeDeleted.start(claim.generation()));
    }

    private boolean mayAsk() {
      return calls < MAX_CALLS
          && leaveAloneUntil.isEmpty()
          && clock.instant().isBefore(begun.plus(ROUND_AT_MOST));
    }

    private void look(List<Claim> claims) {
      boolean lost =
          claims.stream().anyMatch(claim -> claim.generation().state().prediction().isEmpty());
      if (lost || claims.size() > FEW) {
        readList(claims, lost);
      }
      for (Claim claim : claims) {
        GenerationId id = claim.generation().id();
        apart(id, () -> conclude(claim, lookedAt(claim.generation())));
      }
      ended.forEach(this::concludeUnasked);
    }

    /** One that cannot be dealt with does not keep the others from it; it is due again. */
    private void apart(GenerationId id, Runnable work) {
      try {
        work.run();
      } catch (UnavailableException e) {
        throw e;
      } catch (UnreadableGenerationException e) { // told by the store, and due for newer versions
        log.debug("generation {} cannot be looked at", id, e);
      } catch (RuntimeException e) {
        log.error("generation {} cannot be looked at", id, e);
      }
    }

    /** What is to be called off and has not ended is called off, and then looked at. */
    private Optional<Prediction> lookedAt(Generation generation) {
      Optional<Prediction> seen = listed(generation);
      if (generation.state() instanceof State.Canceling(var known)) {
        return seen.filter(Prediction::hasEnded)
            .or(() -> known.flatMap(this::calledOff))
            .or(() -> seen);
      }
      return seen.or(() -> generation.state().prediction().flatMap(this::find));
    }

    private Optional<Prediction> calledOff(PredictionId id) {
      return callOff(id).or(() -> find(id));
    }

    /**
     * Reads on until it shows what is looked for, except for the few that may be looked at one by
     * one; what was never confirmed can be found nowhere else. The first page is what is new, or so
     * it seems; the rest of a large account's list is read in several rounds.
     */
    private void readList(List<Claim> claims, boolean lost) {
      int page = 1;
      for (int pages = 0; pages < MAX_PAGES && mayAsk(); pages++) {
        calls++;
        switch (predictions.list(page)) {
          case Listing.Page read -> {
            read.entries().forEach(this::note);
            long missing = claims.stream().filter(it -> listed(it.generation()).isEmpty()).count();
            if (read.last() || missing <= (lost ? 0 : FEW)) {
              nextPage = 2;
              return;
            }
          }
          case Unavailable unavailable -> leaveAlone(unavailable);
        }
        nextPage = page == 1 ? nextPage : page + 1;
        page = nextPage;
      }
    }

    private void note(Entry entry) {
      byId.put(entry.prediction().id(), entry.prediction());
      entry.generation().ifPresent(id -> byGeneration.put(id, entry.prediction()));
      if (entry.prediction().hasEnded()) {
        ended.add(entry);
      }
    }

    /**
     * What the list happened to show. Where nothing is heard of hundreds of predictions, their
     * outputs' five minutes are over before each has been due.
     */
    private void concludeUnasked(Entry entry) {
      entry
          .generation()
          .or(() -> holder(entry.prediction().id()))
          .ifPresent(id -> apart(id, () -> settle(id, entry.prediction())));
    }

    private Optional<GenerationId> holder(PredictionId id) {
      try {
        return generations.findByPrediction(id).map(Generation::id);
      } catch (UnreadableGenerationException e) {
        log.debug("generation {} cannot be looked at", e.id(), e);
        return Optional.empty();
      }
    }

    private Optional<Prediction> listed(Generation generation) {
      return generation
          .state()
          .prediction()
          .map(known -> Optional.ofNullable(byId.get(known)))
          .orElseGet(() -> Optional.ofNullable(byGeneration.get(generation.id())));
    }

    private Optional<Prediction> find(PredictionId id) {
      if (!mayAsk()) {
        return Optional.empty();
      }
      calls++;
      return switch (predictions.find(id)) {
        case Sighting.Seen seen -> Optional.of(seen.prediction());
        case Sighting.Unknown _ -> Optional.empty();
        case Unavailable unavailable -> {
          leaveAlone(unavailable);
          yield Optional.empty();
        }
      };
    }

    private void leaveAlone(Unavailable unavailable) {
      Duration pause = unavailable.retryAfter().orElse(PAUSE_WHEN_BROKEN);
      leaveAloneUntil = Optional.of(clock.instant().plus(pause));
      log.warn("Skytells cannot be asked; next time in {} s", pause.toSeconds());
    }

    private void conclude(Claim claim, Optional<Prediction> seen) {
      Generation generation = claim.generation();
      if (seen.isPresent() && settle(generation.id(), seen.get())) {
        return;
      }
      Instant now = clock.instant();
      // What cannot be called off in this round can be in the next one, or cannot be at all.
      boolean mayGiveUp =
          mayAsk() || leaveAloneUntil.isPresent() || generation.state().prediction().isEmpty();
      if (schedule.isOverdue(generation, now) && mayGiveUp) {
        giveUp(generation);
        return;
      }
      Instant next = schedule.nextLook(generation, claim.looks(), now);
      // What Skytells cannot be asked about is looked at when it can be, and keeps its deadline.
      generations.postpone(generation, leaveAloneUntil.filter(next::isBefore).orElse(next));
    }

    /** A prediction that nobody waits for any longer is called off, unless it has just ended. */
    private void giveUp(Generation generation) {
      generation
          .state()
          .prediction()
          .flatMap(this::callOff)
          .filter(last -> !(last instanceof Prediction.Canceled)) // by us, since its time is over
          .ifPresent(last -> settle(generation.id(), last));
      settle(generation.id(), new Observation.GaveUp(SweepSchedule.giveUp(generation)));
    }

    private Optional<Prediction> callOff(PredictionId id) {
      if (!mayAsk()) {
        return Optional.empty();
      }
      calls++;
      return switch (predictions.cancel(id)) {
        case Cancellation.Accepted accepted -> accepted.prediction().filter(Prediction::hasEnded);
        case Cancellation.Refused _ -> find(id);
        case Unavailable unavailable -> {
          leaveAlone(unavailable);
          yield Optional.empty();
        }
      };
    }

    private boolean settle(GenerationId id, Observation observation) {
      Optional<Transition> transition = settle.settle(id, observation);
      if (transition.orElse(null) instanceof Applied applied) {
        moved++;
        var _ = storeOutputs.start(applied.generation(), 0);
        return true;
      }
      return false;
    }
  }
}
