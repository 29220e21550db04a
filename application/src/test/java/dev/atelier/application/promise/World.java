package dev.atelier.application.promise;

import dev.atelier.application.InMemoryAtelier;
import dev.atelier.application.cancel.CancelGeneration;
import dev.atelier.application.cancel.DeleteGeneration;
import dev.atelier.application.generate.TimeOrderedIds;
import dev.atelier.application.port.FakeWebhooks;
import dev.atelier.application.port.InMemoryPollingLease;
import dev.atelier.application.port.MutableClock;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.application.promise.ScriptedSkytells.Webhook;
import dev.atelier.application.promise.Step.Outage;
import dev.atelier.application.query.AccessScope;
import dev.atelier.application.webhook.HandleWebhook;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Generations;
import dev.atelier.domain.IdempotencyKey;
import dev.atelier.domain.State;
import dev.atelier.domain.UserId;
import java.io.ByteArrayInputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Two instances of the service with one database, one blob store and one Skytells. Everything runs
 * on one thread, so that a script is repeatable.
 */
final class World {
  static final int INSTANCES = 2;

  /** The difference between the clocks of the instances. */
  static final Duration SKEW = Duration.ofSeconds(2);

  /**
   * After this many seconds without a fault, an end must be found and its outputs stored: one
   * lookup per minute, a lease and a pause before it, and a retry.
   */
  private static final int SECONDS_TO_NOTICE = 120;

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  final List<String> violations = new ArrayList<>();
  final MutableClock clock = new MutableClock();
  final CheckedGenerations generations = new CheckedGenerations(violations::add);
  final TimedBlobStore storage = new TimedBlobStore(clock);
  final ScriptedSkytells skytells;
  private final InMemoryPollingLease pollingLease = new InMemoryPollingLease();
  private final EnumSet<Outage> outages = EnumSet.noneOf(Outage.class);
  private final FakeWebhooks webhooks = new FakeWebhooks();
  private final TimeOrderedIds ids = new TimeOrderedIds(clock, new Random(1));
  private final List<Instance> instances = new ArrayList<>();
  private int depth;
  private boolean sweeping;
  private boolean disturbed;

  World() {
    skytells =
        new ScriptedSkytells(
            clock,
            outages,
            webhook -> deliver(0, webhook, Optional.of(webhook.sold().generation)),
            violations::add);
    for (int i = 0; i < INSTANCES; i++) {
      instances.add(started(i));
    }
  }

  private Instance started(int index) {
    return new Instance(
        new FaultInjector(this::interrupt),
        generations,
        pollingLease,
        skytells,
        storage,
        webhooks,
        ids,
        Clock.offset(clock, SKEW.multipliedBy(index)),
        clock::nanoTime);
  }

  void play(Step step) {
    switch (step) {
      case Step.Accept accept -> accept(accept);
      case Step.Cancel(int instance, int generation) ->
          pickId(generation).ifPresent(id -> cancel(instance, id));
      case Step.Delete(int instance, int generation) ->
          pickId(generation).ifPresent(id -> delete(instance, id));
      case Step.Begin(int prediction) -> running(prediction).ifPresent(skytells::begin);
      case Step.End(int prediction, var ending) ->
          running(prediction).ifPresent(sold -> skytells.end(sold, ending));
      case Step.Deliver deliver -> deliver(deliver);
      case Step.Lose(int webhook) ->
          pick(skytells.webhooks, webhook).ifPresent(skytells.webhooks::remove);
      case Step.Sweep(int instance) -> sweep(instance);
      case Step.Transfer(int instance, int atMost) ->
          on(instance, used -> used.transfers.run(atMost));
      case Step.Advance(Duration time) -> {
        clock.advance(time);
        disturbed = true;
      }
      case Step.Run(int seconds) -> {
        for (int i = 0; i < seconds; i++) {
          run(SECOND);
        }
      }
      case Step.Break(Outage outage) -> setDown(outage, true);
      case Step.Repair(Outage outage) -> setDown(outage, false);
      case Step.Kill(int instance) -> restart(instance);
      case Step.InjectFault inject -> instances.get(inject.instance()).faults.inject(inject);
    }
  }

  private void interrupt(Step step) {
    disturbed = true;
    if (depth == 0) {
      depth++;
      try {
        play(step);
      } finally {
        depth--;
      }
    }
  }

  /** Uses an instance, and restarts it if it crashes. */
  private void on(int index, Consumer<Instance> use) {
    Instance instance = instances.get(index);
    try {
      use.accept(instance);
    } catch (Crash | UnavailableException _) {
      disturbed = true;
    }
    if (instance.faults.takeInjected()) {
      disturbed = true;
    }
    if (instance.faults.isCrashed() && instances.get(index).equals(instance)) {
      restart(index);
    }
  }

  private void restart(int index) {
    instances.set(index, started(index));
    disturbed = true;
  }

  private void setDown(Outage outage, boolean down) {
    if (down) {
      outages.add(outage);
    } else {
      outages.remove(outage);
    }
    generations.breakDown(outages.contains(Outage.DATABASE));
    storage.breakDown(outages.contains(Outage.STORAGE));
    skytells.breakDown(outages.contains(Outage.SKYTELLS));
    disturbed = true;
  }

  private void accept(Step.Accept accept) {
    var command =
        InMemoryAtelier.command(
            new UserId("user-" + accept.owner()),
            "a lighthouse",
            accept.video() ? Optional.of(Generations.VIDEO_MODEL.slug()) : Optional.empty(),
            accept.key().map(number -> new IdempotencyKey("key-" + number)));
    on(
        accept.instance(),
        instance ->
            skytells.expecting(
                accept,
                () -> {
                  var _ = instance.createGeneration.create(command);
                }));
  }

  private Optional<GenerationId> pickId(int number) {
    return pick(generations.all().stream().map(Generation::id).toList(), number);
  }

  private void cancel(int index, GenerationId id) {
    var command = new CancelGeneration.Command(new AccessScope.All(), id);
    on(
        index,
        instance -> {
          if (instance.cancelGeneration.cancel(command) instanceof CancelGeneration.Result.Found) {
            generations.latest(id).ifPresent(this::requireCanceling);
          }
        });
  }

  /** A confirmed cancel must be durable. */
  private void requireCanceling(Generation generation) {
    switch (generation.state()) {
      case State.Submitting _, State.Queued _, State.Processing _ ->
          violations.add("lost a confirmed cancel: " + generation);
      case State.Canceling _,
          State.Storing _,
          State.Succeeded _,
          State.Failed _,
          State.Canceled _ -> {}
    }
  }

  /** A confirmed deletion must be durable. */
  private void delete(int index, GenerationId id) {
    var command = new DeleteGeneration.Command(new AccessScope.All(), id);
    on(
        index,
        instance -> {
          var _ = instance.deleteGeneration.delete(command);
          if (generations.latest(id).filter(generation -> !generation.deleted()).isPresent()) {
            violations.add("visible after its deletion: " + id);
          }
        });
  }

  private void deliver(Step.Deliver deliver) {
    Optional<Webhook> picked = pick(skytells.webhooks, deliver.webhook());
    if (picked.isEmpty()) {
      return;
    }
    Webhook webhook = picked.get();
    if (!deliver.again()) {
      skytells.webhooks.remove(webhook);
    }
    switch (deliver.address()) {
      case ITS_GENERATION ->
          deliver(deliver.instance(), webhook, Optional.of(webhook.sold().generation));
      case NONE -> deliver(deliver.instance(), webhook, Optional.empty());
      case ANOTHER_GENERATION ->
          another(webhook)
              .ifPresent(other -> deliver(deliver.instance(), webhook, Optional.of(other)));
    }
  }

  /** Another generation that knows its prediction. A submission without one would adopt any. */
  private Optional<GenerationId> another(Webhook webhook) {
    return generations.all().stream()
        .filter(other -> other.state().prediction().isPresent())
        .map(Generation::id)
        .filter(other -> !other.equals(webhook.sold().generation))
        .findFirst();
  }

  private void deliver(int index, Webhook webhook, Optional<GenerationId> address) {
    var command =
        new HandleWebhook.Command(
            address,
            new ByteArrayInputStream(webhooks.saying(webhook.prediction())),
            FakeWebhooks.SIGNATURE);
    on(
        index,
        instance -> {
          HandleWebhook.Result result = instance.handleWebhook.handle(command);
          if (result == HandleWebhook.Result.RECEIVED
              && address.equals(Optional.of(webhook.sold().generation))
              && webhook.sold().end.isPresent()) {
            requireEnd(webhook);
          }
        });
  }

  /** A confirmed webhook must be durable. */
  private void requireEnd(Webhook webhook) {
    boolean reportsTheEnd = webhook.prediction().equals(webhook.sold().state);
    boolean running =
        generations
            .latest(webhook.sold().generation)
            .filter(
                generation ->
                    generation.isActive() && !(generation.state() instanceof State.Storing))
            .isPresent();
    if (reportsTheEnd && running) {
      violations.add("lost a confirmed webhook: " + webhook.sold().generation);
    }
  }

  /** Ignores a sweep that is injected into a sweep. */
  private void sweep(int index) {
    if (sweeping) {
      return;
    }
    sweeping = true;
    try {
      on(
          index,
          instance -> {
            var _ =
                instance.sweep.sweep(
                    new dev.atelier.application.sweep.Sweep.Command(Duration.ZERO));
          });
    } finally {
      sweeping = false;
    }
  }

  private Optional<SoldPrediction> running(int number) {
    return pick(skytells.predictions.stream().filter(sold -> sold.end.isEmpty()).toList(), number);
  }

  /** Counts from the newest. */
  private static <T> Optional<T> pick(List<T> from, int number) {
    return from.isEmpty()
        ? Optional.empty()
        : Optional.of(from.get(from.size() - 1 - number % from.size()));
  }

  void run(Duration time) {
    clock.advance(time);
    for (int index = 0; index < INSTANCES; index++) {
      sweep(index);
      on(index, instance -> instance.transfers.run(Integer.MAX_VALUE));
    }
    boolean undisturbed = !disturbed && outages.isEmpty() && time.equals(SECOND);
    disturbed = false;
    skytells.predictions.forEach(sold -> checkProgress(sold, undisturbed));
  }

  /** Checks that a generation makes progress while there are no faults. */
  private void checkProgress(SoldPrediction sold, boolean undisturbed) {
    Optional<Generation> generation =
        generations.latest(sold.generation).filter(Generation::isActive);
    Instant now = clock.instant();
    boolean unconfirmed =
        generation.filter(active -> active.state() instanceof State.Submitting).isPresent();
    boolean unstored =
        generation.isPresent() && sold.end.filter(end -> end.isReachable(now)).isPresent();
    sold.secondsUnconfirmed = undisturbed && unconfirmed ? sold.secondsUnconfirmed + 1 : 0;
    sold.secondsUnstored = undisturbed && unstored ? sold.secondsUnstored + 1 : 0;
    if (sold.secondsUnconfirmed == SECONDS_TO_NOTICE) {
      violations.add("not found in the list: " + generation);
    }
    if (sold.secondsUnstored == SECONDS_TO_NOTICE) {
      violations.add("end not found: " + generation);
    }
  }

  /** Ends all faults and runs until all generations have ended, or should have. */
  void finish() {
    for (Outage outage : Outage.values()) {
      setDown(outage, false);
    }
    instances.forEach(instance -> instance.faults.clear());
    for (int i = 0; i < 360 && isUnfinished(); i++) {
      run(SECOND);
    }
    for (int i = 0; i < 40 && isUnfinished(); i++) {
      run(MINUTE);
    }
  }

  private boolean isUnfinished() {
    return generations.all().stream()
        .anyMatch(generation -> generation.isActive() || generation.deleted());
  }
}
