package dev.atelier.application.promise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.promise.Step.Accept;
import dev.atelier.application.promise.Step.End;
import dev.atelier.application.promise.Step.Ending;
import dev.atelier.application.promise.Step.Picture;
import dev.atelier.application.promise.Step.Reply;
import dev.atelier.application.promise.Step.Trouble;
import dev.atelier.domain.Failure;
import dev.atelier.domain.State;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The promise against random scripts. They are the same in every build, so that one that fails has
 * failed of the change at hand; {@code -Dpromise.seed} and {@code -Dpromise.runs} try others.
 */
class PromiseTest {
  private static final long SEED = Long.getLong("promise.seed", 1);
  private static final long RUNS = Long.getLong("promise.runs", 1500);

  /** A look a minute, a pause of twenty seconds at most before it, and a second to sweep. */
  private static final Duration NOTICED_WITHIN = Duration.ofSeconds(81);

  @Test
  void everyGenerationEndsWithAllOutputsAJustifiedFailureOrACancellation() {
    for (long seed = SEED; seed < SEED + RUNS; seed++) {
      List<Step> script = Script.of(seed);
      if (!played(script).violations.isEmpty()) {
        List<Step> shortest =
            Script.shrink(script, shorter -> !played(shorter).violations.isEmpty());
        assertThat(played(shortest).violations)
            .as(
                "seed %d:%n%s%n",
                seed, shortest.stream().map(Step::toString).collect(Collectors.joining("\n")))
            .isEmpty();
      }
    }
  }

  @Test
  void theScriptsReachEveryEnd() {
    var ends = new HashSet<Class<? extends State>>();
    var failures = EnumSet.noneOf(Failure.Code.class);
    for (long seed = 1; seed <= 100; seed++) {
      played(Script.of(seed))
          .ledger
          .all()
          .forEach(
              generation -> {
                ends.add(generation.state().getClass());
                if (generation.state() instanceof State.Failed failed) {
                  failures.add(failed.failure().code());
                }
              });
    }

    assertThat(ends)
        .containsExactlyInAnyOrder(State.Succeeded.class, State.Failed.class, State.Canceled.class);
    assertThat(failures)
        .containsExactlyInAnyOrder(
            Failure.Code.GENERATION_FAILED,
            Failure.Code.NO_OUTPUT,
            Failure.Code.CONTENT_POLICY,
            Failure.Code.SUBMISSION_UNCONFIRMED,
            Failure.Code.TIMED_OUT,
            Failure.Code.OUTPUT_EXPIRED,
            Failure.Code.OUTPUT_REJECTED);
  }

  @Test
  void withoutWebhooksOutputsAreStoredWithinThePollingInterval() {
    for (long seed = SEED; seed < SEED + 10; seed++) {
      World world = inQuietTimes(seed, 60);

      assertThat(world.skytells.sales).hasSize(60);
      assertThat(world.skytells.sales)
          .as("seed %d", seed)
          .allSatisfy(
              sale -> {
                State state = world.ledger.latest(sale.generation).orElseThrow().state();
                Instant end = sale.end.orElseThrow().at();
                assertThat(state).isInstanceOf(State.Succeeded.class);
                assertThat(Duration.between(end, state.endedAt().orElseThrow()))
                    .isLessThanOrEqualTo(NOTICED_WITHIN);
              });
    }
  }

  /** Nothing breaks, but no webhook comes, and every eighth create reply is lost. */
  private static World inQuietTimes(long seed, int generations) {
    var random = new SplittableRandom(seed);
    var world = new World();
    Ending ending =
        new Ending.Pictures(
            List.of(new Picture(Trouble.NONE, Duration.ZERO, Trouble.NOT_THERE)), Optional.empty());
    for (int i = 0; i < generations; i++) {
      Reply reply = random.nextInt(8) == 0 ? Reply.LOST : Reply.QUEUED;
      world.play(
          new Accept(
              random.nextInt(2), i, Optional.empty(), false, reply, Optional.empty(), false));
      world.play(new Step.Live(random.nextInt(6)));
    }
    for (int i = 0; i < generations; i++) {
      world.play(new End(random.nextInt(generations), ending));
      world.play(new Step.Live(random.nextInt(6)));
    }
    world.rest();
    return world;
  }

  private static World played(List<Step> script) {
    var world = new World();
    try {
      script.forEach(world::play);
      world.rest();
      Audit.of(world);
    } catch (RuntimeException e) { // the report shall tell of the script that led to it
      world.violations.add("thrown: " + e);
    }
    return world;
  }
}
