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
 * Two instances of the service over one database, one storage and one Skytells, on one thread: the
 * same script, the same end.
 */
final class World {
  static final int INSTANCES = 2;

  /** How far the clocks of two instances are apart. */
  static final Duration SKEW = Duration.ofSeconds(2);

  /**
   * In how many seconds without a fault an end is to be seen and its outputs kept: a look a minute,
   * a lease and a pause before it, a retry behind it.
   */
  private static final int SECONDS_TO_NOTICE = 120;

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  final List<String> violations = new ArrayList<>();
  final MutableClock clock = new MutableClock();
  final Ledger ledger = new Ledger(violations::add);
  final Storage storage = new Storage(clock);
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
            webhook -> deliver(0, webhook, Optional.of(webhook.sale().generation)),
            violations::add);
    for (int i = 0; i < INSTANCES; i++) {
      instances.add(started(i));
    }
  }

  private Instance started(int index) {
    return new Instance(
        new Surprises(this::interrupt),
        ledger,
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
      case Step.Begin(int sale) -> unended(sale).ifPresent(skytells::begin);
      case Step.End(int sale, var ending) ->
          unended(sale).ifPresent(it -> skytells.end(it, ending));
      case Step.Deliver deliver -> deliver(deliver);
      case Step.Lose(int webhook) ->
          pick(skytells.webhooks, webhook).ifPresent(skytells.webhooks::remove);
      case Step.Sweep(int instance) -> sweep(instance);
      case Step.Transfer(int instance, int atMost) -> on(instance, it -> it.transfers.run(atMost));
      case Step.Pass(Duration time) -> {
        clock.advance(time);
        disturbed = true;
      }
      case Step.Live(int seconds) -> {
        for (int i = 0; i < seconds; i++) {
          live(SECOND);
        }
      }
      case Step.Break(Outage outage) -> setDown(outage, true);
      case Step.Mend(Outage outage) -> setDown(outage, false);
      case Step.Kill(int instance) -> restart(instance);
      case Step.Ambush ambush -> instances.get(ambush.instance()).surprises.lay(ambush);
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

  /** Uses an instance; one that dies of it is started again. */
  private void on(int index, Consumer<Instance> use) {
    Instance instance = instances.get(index);
    try {
      use.accept(instance);
    } catch (Crash | UnavailableException _) {
      disturbed = true;
    }
    if (instance.surprises.sprung()) {
      disturbed = true;
    }
    if (instance.surprises.isDead() && instances.get(index).equals(instance)) {
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
    ledger.breakDown(outages.contains(Outage.DATABASE));
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
                  var _ = instance.generateImage.generate(command);
                }));
  }

  private Optional<GenerationId> pickId(int number) {
    return pick(ledger.all().stream().map(Generation::id).toList(), number);
  }

  private void cancel(int index, GenerationId id) {
    var command = new CancelGeneration.Command(new AccessScope.All(), id);
    on(
        index,
        instance -> {
          if (instance.cancelGeneration.cancel(command) instanceof CancelGeneration.Result.Found) {
            ledger.latest(id).ifPresent(this::requireCanceling);
          }
        });
  }

  /** What is answered is durable. */
  private void requireCanceling(Generation generation) {
    switch (generation.state()) {
      case State.Submitting _, State.Queued _, State.Processing _ ->
          violations.add("a wish to cancel was answered and forgotten: " + generation);
      case State.Canceling _,
          State.Storing _,
          State.Succeeded _,
          State.Failed _,
          State.Canceled _ -> {}
    }
  }

  /** What is answered is durable here, too. */
  private void delete(int index, GenerationId id) {
    var command = new DeleteGeneration.Command(new AccessScope.All(), id);
    on(
        index,
        instance -> {
          var _ = instance.deleteGeneration.delete(command);
          if (ledger.latest(id).filter(it -> !it.deleted()).isPresent()) {
            violations.add("deleted, and there for all to see: " + id);
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
          deliver(deliver.instance(), webhook, Optional.of(webhook.sale().generation));
      case NONE -> deliver(deliver.instance(), webhook, Optional.empty());
      case ANOTHER_GENERATION ->
          another(webhook)
              .ifPresent(other -> deliver(deliver.instance(), webhook, Optional.of(other)));
    }
  }

  /**
   * One that has its prediction: nothing tells the first webhook of a submission from another's.
   */
  private Optional<GenerationId> another(Webhook webhook) {
    return ledger.all().stream()
        .filter(other -> other.state().prediction().isPresent())
        .map(Generation::id)
        .filter(other -> !other.equals(webhook.sale().generation))
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
              && address.equals(Optional.of(webhook.sale().generation))
              && webhook.sale().end.isPresent()) {
            requireEnd(webhook);
          }
        });
  }

  /** What is answered is durable. */
  private void requireEnd(Webhook webhook) {
    boolean tellsOfTheEnd = webhook.prediction().equals(webhook.sale().standing);
    boolean running =
        ledger
            .latest(webhook.sale().generation)
            .filter(it -> it.isActive() && !(it.state() instanceof State.Storing))
            .isPresent();
    if (tellsOfTheEnd && running) {
      violations.add("a webhook was answered and forgotten: " + webhook.sale().generation);
    }
  }

  /** An instance sweeps on one thread; a sweep within a sweep is none of its own. */
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

  private Optional<Sale> unended(int number) {
    return pick(skytells.sales.stream().filter(sale -> sale.end.isEmpty()).toList(), number);
  }

  /** Counted from the newest. */
  private static <T> Optional<T> pick(List<T> from, int number) {
    return from.isEmpty()
        ? Optional.empty()
        : Optional.of(from.get(from.size() - 1 - number % from.size()));
  }

  void live(Duration time) {
    clock.advance(time);
    for (int index = 0; index < INSTANCES; index++) {
      sweep(index);
      on(index, instance -> instance.transfers.run(Integer.MAX_VALUE));
    }
    boolean calm = !disturbed && outages.isEmpty() && time.equals(SECOND);
    disturbed = false;
    skytells.sales.forEach(sale -> watch(sale, calm));
  }

  /** While all is well, nobody waits for long. */
  private void watch(Sale sale, boolean calm) {
    Optional<Generation> generation = ledger.latest(sale.generation).filter(Generation::isActive);
    Instant now = clock.instant();
    boolean unheardOf = generation.filter(it -> it.state() instanceof State.Submitting).isPresent();
    boolean unkept =
        generation.isPresent() && sale.end.filter(end -> end.isReachable(now)).isPresent();
    sale.secondsSold = calm && unheardOf ? sale.secondsSold + 1 : 0;
    sale.secondsEnded = calm && unkept ? sale.secondsEnded + 1 : 0;
    if (sale.secondsSold == SECONDS_TO_NOTICE) {
      violations.add("in the list, and not found: " + generation);
    }
    if (sale.secondsEnded == SECONDS_TO_NOTICE) {
      violations.add("ended, and not noticed: " + generation);
    }
  }

  /** Everything is mended, and time passes until nothing is due any more or ought to be. */
  void rest() {
    for (Outage outage : Outage.values()) {
      setDown(outage, false);
    }
    instances.forEach(instance -> instance.surprises.clear());
    for (int i = 0; i < 360 && isUnfinished(); i++) {
      live(SECOND);
    }
    for (int i = 0; i < 40 && isUnfinished(); i++) {
      live(MINUTE);
    }
  }

  private boolean isUnfinished() {
    return ledger.all().stream()
        .anyMatch(generation -> generation.isActive() || generation.deleted());
  }
}
