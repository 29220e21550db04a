package dev.atelier.application.simulation;

import dev.atelier.application.InMemoryAtelier;
import dev.atelier.application.ThreadlessExecutor;
import dev.atelier.application.cancel.PurgeDeleted;
import dev.atelier.application.generate.CreateGeneration;
import dev.atelier.application.generate.CreateGenerationService;
import dev.atelier.application.generate.GenerationRequestValidator;
import dev.atelier.application.generate.InputFiles;
import dev.atelier.application.generate.TimeOrderedIds;
import dev.atelier.application.port.FakeFileLinks;
import dev.atelier.application.port.FakeWebhooks;
import dev.atelier.application.port.InMemoryBlobSpool;
import dev.atelier.application.port.InMemoryBlobStore;
import dev.atelier.application.port.InMemoryGenerations;
import dev.atelier.application.port.InMemoryModels;
import dev.atelier.application.port.InMemoryPollingLease;
import dev.atelier.application.port.InMemoryUploads;
import dev.atelier.application.settle.RetrySchedule;
import dev.atelier.application.settle.Settle;
import dev.atelier.application.simulation.SimulatedSkytells.Job;
import dev.atelier.application.store.DrainSpool;
import dev.atelier.application.store.StoreOutputs;
import dev.atelier.application.sweep.Sweep;
import dev.atelier.application.sweep.SweepService;
import dev.atelier.application.webhook.BillLookup;
import dev.atelier.application.webhook.HandleWebhook;
import dev.atelier.application.webhook.HandleWebhookService;
import dev.atelier.domain.Generation;
import dev.atelier.domain.State;
import dev.atelier.domain.UserId;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;

/**
 * A load test with lost webhooks in virtual time.
 *
 * @param perMinute the rate of new generations
 * @param lossPercent the share of webhooks that are lost
 * @param time how long generations are created
 * @param work the mean duration of a prediction; it varies by half of that
 * @param instances the number of instances of the service
 */
record LostWebhooks(
    Provider provider,
    double perMinute,
    int lossPercent,
    Duration time,
    Duration work,
    int instances) {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration WEBHOOK_LATENCY = Duration.ofMillis(200);

  /** The time after the last create; longer than the lifetime of outputs. */
  private static final Duration TAIL = Duration.ofMinutes(7);

  /** How long an ended generation counts as recently accepted. */
  private static final Duration RECENT = Duration.ofSeconds(65);

  static LostWebhooks of(Provider provider, double perSecond, int lossPercent, Duration time) {
    return new LostWebhooks(provider, perSecond * 60, lossPercent, time, Duration.ofSeconds(2), 1);
  }

  LostWebhooks onInstances(int number) {
    return new LostWebhooks(provider, perMinute, lossPercent, time, work, number);
  }

  /**
   * The result.
   *
   * @param lostWebhooks the number of lost webhooks
   * @param lost the number of generations that did not succeed
   * @param found the delays between an end and its discovery without webhook, ascending
   * @param refusedCreates the number of creates refused with 429
   * @param calls the number of calls of the sweep
   */
  record Outcome(int lostWebhooks, int lost, List<Duration> found, int refusedCreates, int calls) {
    Duration found(int percent) {
      return found.isEmpty()
          ? Duration.ZERO
          : found.get(Math.min(found.size() - 1, found.size() * percent / 100));
    }

    @Override
    public String toString() {
      return "%d webhooks lost, %d generations lost, found p50 %.1f s, p99 %.1f s, max %.1f s, %d calls, %d creates refused"
          .formatted(
              lostWebhooks, lost, seconds(50), seconds(99), seconds(100), calls, refusedCreates);
    }

    private double seconds(int percent) {
      return found(percent).toMillis() / 1000.0;
    }
  }

  Outcome run() {
    return new Run().outcome();
  }

  private final class Run {
    private final Timeline timeline = new Timeline();
    private final Random random = new Random(1);
    private final InMemoryGenerations generations = new InMemoryGenerations();
    private final InMemoryPollingLease pollingLease = new InMemoryPollingLease();
    private final FakeWebhooks webhooks = new FakeWebhooks();
    private final SimulatedSkytells skytells =
        new SimulatedSkytells(provider, timeline, this::accept);
    private final List<Job> withoutWebhook = new ArrayList<>();
    private final Settle settle = new Settle(generations, timeline.clock);
    private final ExecutorService workers =
        new ThreadlessExecutor() {
          @Override
          public void execute(Runnable task) {
            task.run();
          }
        };
    private final InMemoryBlobStore blobs = new InMemoryBlobStore();
    private final InMemoryBlobSpool spool = new InMemoryBlobSpool();
    private final StoreOutputs storeOutputs =
        new StoreOutputs(
            generations,
            skytells,
            blobs,
            settle,
            RetrySchedule.DEFAULT,
            timeline.clock,
            timeline.clock::nanoTime,
            workers,
            16);
    private final InMemoryModels models = new InMemoryModels();
    private final InputFiles inputFiles =
        new InputFiles(
            generations, new InMemoryUploads(), blobs, new FakeFileLinks(), timeline.clock);
    private final CreateGeneration createGeneration =
        new CreateGenerationService(
            new GenerationRequestValidator(InMemoryAtelier.RULES, models, models, inputFiles),
            inputFiles,
            RetrySchedule.DEFAULT,
            new dev.atelier.application.port.Generations.OwnerLimits(10, Optional.empty()),
            generations,
            skytells,
            settle,
            storeOutputs,
            new TimeOrderedIds(timeline.clock, new Random(2)),
            timeline.clock);
    private final HandleWebhook handleWebhook =
        new HandleWebhookService(
            webhooks,
            generations,
            settle,
            storeOutputs,
            new BillLookup(skytells, settle, workers),
            Duration.ZERO);
    private int created;
    private int failed;

    Outcome outcome() {
      Instant end = timeline.clock.instant().plus(time);
      timeline.after(Duration.ZERO, () -> generate(end));
      for (int i = 0; i < instances; i++) {
        var instance = new Sweeping(sweep());
        timeline.after(SECOND.multipliedBy(i).dividedBy(instances), instance::run);
      }
      timeline.pass(time.plus(TAIL));
      List<Duration> found =
          withoutWebhook.stream()
              .flatMap(job -> job.fetchedAt.stream().map(at -> between(job, at)))
              .sorted()
              .toList();
      int neverFound = withoutWebhook.size() - found.size();
      return new Outcome(
          withoutWebhook.size(),
          failed + neverFound,
          found,
          skytells.refusedCreates(),
          skytells.calls());
    }

    private static Duration between(Job job, Instant at) {
      return Duration.between(job.endedAt.orElseThrow(), at);
    }

    private Sweep sweep() {
      return new SweepService(
          generations,
          skytells,
          pollingLease,
          settle,
          storeOutputs,
          new PurgeDeleted(generations, blobs, spool, skytells, timeline.clock, workers),
          new DrainSpool(blobs, spool, timeline.clock, workers),
          RetrySchedule.DEFAULT,
          timeline.clock);
    }

    /** Sweeps every second unless the last sweep is still running. */
    private final class Sweeping {
      private final Sweep sweep;
      private boolean busy;

      Sweeping(Sweep sweep) {
        this.sweep = sweep;
      }

      void run() {
        timeline.after(SECOND, this::run);
        if (!busy) {
          busy = true;
          var _ = sweep.sweep(new Sweep.Command(Duration.ZERO));
          busy = false;
        }
      }
    }

    /** Creates arrive as a Poisson process, as from independent users. */
    private void generate(Instant end) {
      if (timeline.clock.instant().isAfter(end)) {
        return;
      }
      double minutes = -Math.log(1 - random.nextDouble()) / perMinute;
      timeline.after(Duration.ofNanos((long) (minutes * 60e9)), () -> generate(end));
      var _ =
          createGeneration.create(
              CreateGeneration.Command.of(new UserId("user-" + created++), "a lighthouse"));
    }

    private void accept(Job job) {
      boolean webhookLost = random.nextInt(100) < lossPercent;
      if (webhookLost) {
        withoutWebhook.add(job);
      }
      timeline.after(
          work.dividedBy(2).plusMillis(random.nextLong(work.toMillis() + 1)),
          () -> {
            job.endedAt = Optional.of(timeline.clock.instant());
            timeline.after(RECENT, () -> countAndRemove(job));
            if (!webhookLost) {
              timeline.after(WEBHOOK_LATENCY, () -> deliver(job));
            }
          });
    }

    private void deliver(Job job) {
      var _ =
          handleWebhook.handle(
              new HandleWebhook.Command(
                  Optional.of(job.generation),
                  new ByteArrayInputStream(webhooks.saying(job.prediction())),
                  FakeWebhooks.SIGNATURE));
    }

    /** Counts an ended generation and removes it, to keep the in-memory table small. */
    private void countAndRemove(Job job) {
      Generation generation = generations.find(job.generation).orElseThrow();
      if (generation.isActive()) {
        timeline.after(RECENT, () -> countAndRemove(job));
      } else {
        failed += generation.state() instanceof State.Succeeded ? 0 : 1;
        generations.vanish(job.generation);
      }
    }
  }
}
