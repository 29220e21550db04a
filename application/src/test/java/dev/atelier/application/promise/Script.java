package dev.atelier.application.promise;

import dev.atelier.application.promise.Step.Accept;
import dev.atelier.application.promise.Step.Address;
import dev.atelier.application.promise.Step.Advance;
import dev.atelier.application.promise.Step.Begin;
import dev.atelier.application.promise.Step.Break;
import dev.atelier.application.promise.Step.Cancel;
import dev.atelier.application.promise.Step.Delete;
import dev.atelier.application.promise.Step.Deliver;
import dev.atelier.application.promise.Step.DownloadFault;
import dev.atelier.application.promise.Step.End;
import dev.atelier.application.promise.Step.Ending;
import dev.atelier.application.promise.Step.Fault;
import dev.atelier.application.promise.Step.InjectFault;
import dev.atelier.application.promise.Step.Kill;
import dev.atelier.application.promise.Step.Lose;
import dev.atelier.application.promise.Step.Outage;
import dev.atelier.application.promise.Step.Picture;
import dev.atelier.application.promise.Step.Repair;
import dev.atelier.application.promise.Step.Reply;
import dev.atelier.application.promise.Step.Run;
import dev.atelier.application.promise.Step.Sweep;
import dev.atelier.application.promise.Step.Transfer;
import dev.atelier.domain.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** Generates random scripts. A seed always gives the same script. */
final class Script {
  private static final int MAX_STEPS = 60;

  /** Faults are injected before this many calls; no operation makes many more. */
  private static final int MAX_CALLS = 12;

  private static final List<DownloadFault> AFTER =
      List.of(DownloadFault.NOT_THERE, DownloadFault.UNAVAILABLE, DownloadFault.ERROR_PAGE);

  private final RandomGenerator random;

  private Script(long seed) {
    this.random = new SplittableRandom(seed);
  }

  static List<Step> of(long seed) {
    var script = new Script(seed);
    var steps = new ArrayList<Step>();
    int length = script.random.nextInt(3, MAX_STEPS);
    while (steps.size() < length) {
      steps.addAll(script.steps());
    }
    return steps;
  }

  /** Removes steps that are not needed for the failure: halves, then quarters, then single ones. */
  static List<Step> shrink(List<Step> failing, Predicate<List<Step>> fails) {
    List<Step> smallest = failing;
    for (int size = failing.size(); size >= 1; size = size == 1 ? 0 : (size + 1) / 2) {
      for (int from = 0; from < smallest.size(); ) {
        var without = new ArrayList<>(smallest);
        without.subList(from, Math.min(from + size, without.size())).clear();
        if (fails.test(without)) {
          smallest = without;
        } else {
          from += size;
        }
      }
    }
    return smallest;
  }

  private List<Step> steps() {
    int dice = random.nextInt(100);
    if (dice < 12) {
      return List.of(new Run(random.nextInt(1, 180)));
    }
    if (dice < 15) {
      return List.of(new Advance(jump()));
    }
    if (dice < 20) {
      return List.of(new Break(any(List.of(Outage.values()))));
    }
    if (dice < 34) {
      return List.of(new Repair(any(List.of(Outage.values()))));
    }
    if (dice < 37) {
      return List.of(new Kill(instance()));
    }
    if (dice < 55) {
      int victim = instance();
      int calls = random.nextInt(random.nextInt(1, MAX_CALLS));
      return List.of(new InjectFault(victim, calls, fault()), use(victim));
    }
    return List.of(simpleStep());
  }

  /** A step that may also be injected into another one. */
  private Step simpleStep() {
    int dice = random.nextInt(100);
    if (dice < 12) {
      return new Begin(recent());
    }
    if (dice < 30) {
      return new End(recent(), ending());
    }
    if (dice < 34) {
      return new Lose(recent());
    }
    if (dice < 38) {
      return new Advance(Duration.ofSeconds(random.nextInt(1, 40)));
    }
    return use(instance());
  }

  /** An operation of an instance. */
  private Step use(int instance) {
    int dice = random.nextInt(100);
    if (dice < 26) {
      return accept(instance);
    }
    if (dice < 32) {
      return new Cancel(instance, recent());
    }
    if (dice < 38) {
      return new Delete(instance, recent());
    }
    if (dice < 60) {
      Address address = mostlyFirst(List.of(Address.values()));
      return new Deliver(instance, recent(), address, random.nextInt(3) == 0);
    }
    return dice < 80 ? new Sweep(instance) : new Transfer(instance, random.nextInt(1, 5));
  }

  private Accept accept(int instance) {
    Optional<Ending> early = random.nextInt(4) == 0 ? Optional.of(ending()) : Optional.empty();
    return new Accept(
        instance,
        random.nextInt(2),
        random.nextInt(3) == 0 ? Optional.of(random.nextInt(4)) : Optional.empty(),
        random.nextInt(5) == 0,
        mostlyFirst(List.of(Reply.values())),
        early,
        random.nextBoolean());
  }

  private Ending ending() {
    return switch (random.nextInt(10)) {
      case 0 -> new Ending.Nothing();
      case 1 -> new Ending.Failed();
      case 2 -> new Ending.Canceled();
      default -> pictures();
    };
  }

  private Ending.Pictures pictures() {
    var pictures = new ArrayList<Picture>();
    int count = random.nextInt(1, 5);
    for (int i = 0; i < count; i++) {
      Duration lasting = Duration.ofSeconds(any(List.of(1, 3, 40, 240, 3600)));
      DownloadFault after = any(AFTER);
      pictures.add(new Picture(mostlyFirst(List.of(DownloadFault.values())), lasting, after));
    }
    Optional<Duration> offset =
        random.nextBoolean()
            ? Optional.of(Duration.ofSeconds(random.nextInt(-50, 51)))
            : Optional.empty();
    return new Ending.Pictures(pictures, offset);
  }

  private Fault fault() {
    return switch (random.nextInt(6)) {
      case 0 -> new Fault.CrashBefore();
      case 1 -> new Fault.CrashAfter();
      case 2 -> new Fault.ReplyLost();
      default -> new Fault.Meanwhile(simpleStep());
    };
  }

  private Duration jump() {
    return switch (random.nextInt(4)) {
      case 0 -> Duration.ofSeconds(random.nextInt(1, 60));
      case 1 -> Duration.ofMinutes(random.nextInt(1, 12));
      case 2 -> State.RETENTION;
      default -> Duration.ofHours(random.nextInt(1, 5));
    };
  }

  /** Prefers recent generations, so that several steps concern the same one. */
  private int recent() {
    return random.nextInt(random.nextInt(1, 20));
  }

  private int instance() {
    return random.nextInt(World.INSTANCES);
  }

  /** Returns the first value as often as all others together. */
  private <T> T mostlyFirst(List<T> values) {
    return random.nextBoolean() ? values.getFirst() : any(values);
  }

  private <T> T any(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
