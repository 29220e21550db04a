package dev.atelier.application.promise;

import dev.atelier.application.promise.Step.Accept;
import dev.atelier.application.promise.Step.Address;
import dev.atelier.application.promise.Step.Ambush;
import dev.atelier.application.promise.Step.Begin;
import dev.atelier.application.promise.Step.Break;
import dev.atelier.application.promise.Step.Cancel;
import dev.atelier.application.promise.Step.Delete;
import dev.atelier.application.promise.Step.Deliver;
import dev.atelier.application.promise.Step.End;
import dev.atelier.application.promise.Step.Ending;
import dev.atelier.application.promise.Step.Kill;
import dev.atelier.application.promise.Step.Live;
import dev.atelier.application.promise.Step.Lose;
import dev.atelier.application.promise.Step.Mend;
import dev.atelier.application.promise.Step.Outage;
import dev.atelier.application.promise.Step.Pass;
import dev.atelier.application.promise.Step.Picture;
import dev.atelier.application.promise.Step.Reply;
import dev.atelier.application.promise.Step.Surprise;
import dev.atelier.application.promise.Step.Sweep;
import dev.atelier.application.promise.Step.Transfer;
import dev.atelier.application.promise.Step.Trouble;
import dev.atelier.domain.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** Random scripts: the same seed, the same script. */
final class Script {
  private static final int MAX_STEPS = 60;

  /** Surprises come early in an operation or not at all: none makes many more calls. */
  private static final int MAX_CALLS = 12;

  private static final List<Trouble> AFTER =
      List.of(Trouble.NOT_THERE, Trouble.UNAVAILABLE, Trouble.ERROR_PAGE);

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

  /** Takes out whatever is not needed for the script to fail: halves, quarters, single steps. */
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
      return List.of(new Live(random.nextInt(1, 180)));
    }
    if (dice < 15) {
      return List.of(new Pass(jump()));
    }
    if (dice < 20) {
      return List.of(new Break(any(List.of(Outage.values()))));
    }
    if (dice < 34) {
      return List.of(new Mend(any(List.of(Outage.values()))));
    }
    if (dice < 37) {
      return List.of(new Kill(instance()));
    }
    if (dice < 55) {
      int victim = instance();
      int calls = random.nextInt(random.nextInt(1, MAX_CALLS));
      return List.of(new Ambush(victim, calls, surprise()), use(victim));
    }
    return List.of(plain());
  }

  /** What may also happen in the midst of something else. */
  private Step plain() {
    int dice = random.nextInt(100);
    if (dice < 12) {
      return new Begin(which());
    }
    if (dice < 30) {
      return new End(which(), ending());
    }
    if (dice < 34) {
      return new Lose(which());
    }
    if (dice < 38) {
      return new Pass(Duration.ofSeconds(random.nextInt(1, 40)));
    }
    return use(instance());
  }

  /** What an instance is asked to do. */
  private Step use(int instance) {
    int dice = random.nextInt(100);
    if (dice < 26) {
      return accept(instance);
    }
    if (dice < 32) {
      return new Cancel(instance, which());
    }
    if (dice < 38) {
      return new Delete(instance, which());
    }
    if (dice < 60) {
      Address address = likely(List.of(Address.values()));
      return new Deliver(instance, which(), address, random.nextInt(3) == 0);
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
        likely(List.of(Reply.values())),
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
      Trouble after = any(AFTER);
      pictures.add(new Picture(likely(List.of(Trouble.values())), lasting, after));
    }
    Optional<Duration> clock =
        random.nextBoolean()
            ? Optional.of(Duration.ofSeconds(random.nextInt(-50, 51)))
            : Optional.empty();
    return new Ending.Pictures(pictures, clock);
  }

  private Surprise surprise() {
    return switch (random.nextInt(6)) {
      case 0 -> new Surprise.CrashBefore();
      case 1 -> new Surprise.CrashAfter();
      case 2 -> new Surprise.ReplyLost();
      default -> new Surprise.Meanwhile(plain());
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

  /** A new one rather than an old one: what happens to one generation shall meet. */
  private int which() {
    return random.nextInt(random.nextInt(1, 20));
  }

  private int instance() {
    return random.nextInt(World.INSTANCES);
  }

  /** The first one as often as all the others. */
  private <T> T likely(List<T> values) {
    return random.nextBoolean() ? values.getFirst() : any(values);
  }

  private <T> T any(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
