package dev.atelier.application.promise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.promise.Step.Accept;
import dev.atelier.application.promise.Step.DownloadFault;
import dev.atelier.application.promise.Step.End;
import dev.atelier.application.promise.Step.Ending;
import dev.atelier.application.promise.Step.Picture;
import dev.atelier.application.promise.Step.Reply;
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
 * Runs random scripts. The seeds are the same in every build, so that a failure is caused by the
 * change at hand; {@code -Dpromise.seed} and {@code -Dpromise.runs} set others.
 */
class PromiseTest {
  private static final long SEED = Long.getLong("promise.seed", 1);
  private static final long RUNS = Long.getLong("promise.runs", 1500);

  /** One lookup per minute, a pause of up to 20 seconds before it, and one second to sweep. */
  private static final Duration MAX_DELAY = Duration.ofSeconds(81);

  @Test
  void everyGenerationEndsWithAllOutputsAJustifiedFailureOrACancellation() {
    for (long seed = SEED; seed < SEED + RUNS; seed++) {
      List<Step> script = Script.of(seed);
      if (!run(script).violations.isEmpty()) {
        List<Step> shortest = Script.shrink(script, shorter -> !run(shorter).violations.isEmpty());
        assertThat(run(shortest).violations)
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
      run(Script.of(seed))
          .generations
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
      World world = withoutWebhooks(seed, 60);

      assertThat(world.skytells.predictions).hasSize(60);
      assertThat(world.skytells.predictions)
          .as("seed %d", seed)
          .allSatisfy(
              sold -> {
                State state = world.generations.latest(sold.generation).orElseThrow().state();
                Instant end = sold.end.orElseThrow().at();
                assertThat(state).isInstanceOf(State.Succeeded.class);
                assertThat(Duration.between(end, state.endedAt().orElseThrow()))
                    .isLessThanOrEqualTo(MAX_DELAY);
              });
    }
  }

  /** Runs without faults, but loses every webhook and every eighth create response. */
  private static World withoutWebhooks(long seed, int generations) {
    var random = new SplittableRandom(seed);
    var world = new World();
    Ending ending =
        new Ending.Pictures(
            List.of(new Picture(DownloadFault.NONE, Duration.ZERO, DownloadFault.NOT_THERE)),
            Optional.empty());
    for (int i = 0; i < generations; i++) {
      Reply reply = random.nextInt(8) == 0 ? Reply.LOST : Reply.QUEUED;
      world.play(
          new Accept(
              random.nextInt(2), i, Optional.empty(), false, reply, Optional.empty(), false));
      world.play(new Step.Run(random.nextInt(6)));
    }
    for (int i = 0; i < generations; i++) {
      world.play(new End(random.nextInt(generations), ending));
      world.play(new Step.Run(random.nextInt(6)));
    }
    world.finish();
    return world;
  }

  private static World run(List<Step> script) {
    var world = new World();
    try {
      script.forEach(world::play);
      world.finish();
      Audit.of(world);
    } catch (RuntimeException e) { // the report includes the script
      world.violations.add("exception: " + e);
    }
    return world;
  }
}
