package dev.atelier.application.simulation;

import dev.atelier.application.InMemoryAtelier;
import dev.atelier.application.cancel.PurgeDeleted;
import dev.atelier.application.generate.GenerateImage;
import dev.atelier.application.generate.GenerateImageService;
import dev.atelier.application.generate.TimeOrderedIds;
import dev.atelier.application.port.FakeWebhooks;
import dev.atelier.application.port.InMemoryBlobSpool;
import dev.atelier.application.port.InMemoryBlobStore;
import dev.atelier.application.port.InMemoryGenerations;
import dev.atelier.application.port.InMemoryPollingLease;
import dev.atelier.application.settle.RetrySchedule;
import dev.atelier.application.settle.Settle;
import dev.atelier.application.simulation.SimulatedSkytells.Job;
import dev.atelier.application.store.DrainSpool;
import dev.atelier.application.store.StoreOutputs;
import dev.atelier.application.sweep.Sweep;
import dev.atelier.application.sweep.SweepService;
import dev.atelier.application.webhook.HandleWebhook;
import dev.atelier.application.webhook.HandleWebhookService;
import dev.atelier.domain.Generation;
import dev.atelier.domain.State;
import dev.atelier.domain.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;

/**
 * Load with lost webhooks, for a while of virtual time.
 *
 * @param provider what Skytells is like
 * @param perMinute how many generations are asked for
 * @param lossPercent of the webhooks
 * @param time how long generations are asked for
 * @param work from acceptance to the end; half as much to half as much again
 * @param instances of the service
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

  /** After the last generation: longer than outputs last. */
  private static final Duration REST = Duration.ofMinutes(7);

  /** How long an ended generation is still counted among those that were lately accepted. */
  private static final Duration COUNTED = Duration.ofSeconds(65);

  static LostWebhooks of(Provider provider, double perSecond, int lossPercent, Duration time) {
    return new LostWebhooks(provider, perSecond * 60, lossPercent, time, Duration.ofSeconds(2), 1);
  }

  LostWebhooks onInstances(int number) {
    return new LostWebhooks(provider, perMinute, lossPercent, time, work, number);
  }

  LostWebhooks working(Duration each) {
    return new LostWebhooks(provider, perMinute, lossPercent, time, each, instances);
  }

  /**
   * What became of it.
   *
   * @param unheard generations whose webhook was lost
   * @param lost how many of all did not succeed
   * @param found how long after their end the unheard were found, in order
   * @param refusedCreates how many creates met a 429
   * @param calls how many calls the sweep made
   */
  record Outcome(int unheard, int lost, List<Duration> found, int refusedCreates, int calls) {
    Duration found(int percent) {
      return found.isEmpty()
          ? Duration.ZERO
          : found.get(Math.min(found.size() - 1, found.size() * percent / 100));
    }

    @Override
    public String toString() {
      return "%d unheard, %d lost, found p50 %.1f s, p99 %.1f s, max %.1f s, %d calls, %d creates refused"
          .formatted(unheard, lost, seconds(50), seconds(99), seconds(100), calls, refusedCreates);
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
        new SimulatedSkytells(provider, timeline, this::sold);
    private final List<Job> unheard = new ArrayList<>();
    private final Settle settle = new Settle(generations, timeline.clock);
    private final ExecutorService workers = new InlineExecutor();
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
    private final GenerateImage generateImage =
        new GenerateImageService(
            InMemoryAtelier.RULES,
            10,
            generations,
            skytells,
            settle,
            storeOutputs,
            new TimeOrderedIds(timeline.clock, new Random(2)),
            timeline.clock);
    private final HandleWebhook handleWebhook =
        new HandleWebhookService(webhooks, generations, settle, storeOutputs, Duration.ZERO);
    private int asked;
    private int failed;

    Outcome outcome() {
      Instant end = timeline.clock.instant().plus(time);
      timeline.after(Duration.ZERO, () -> generate(end));
      for (int i = 0; i < instances; i++) {
        var instance = new Sweeping(sweep());
        timeline.after(SECOND.multipliedBy(i).dividedBy(instances), instance::run);
      }
      timeline.pass(time.plus(REST));
      List<Duration> found =
          unheard.stream()
              .flatMap(job -> job.fetchedAt.stream().map(at -> between(job, at)))
              .sorted()
              .toList();
      int neverFound = unheard.size() - found.size();
      return new Outcome(
          unheard.size(), failed + neverFound, found, skytells.refusedCreates(), skytells.calls());
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

    /** An instance that sweeps every second, unless it is still at it. */
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

    /** Exponential times between: as many users ask who know nothing of each other. */
    private void generate(Instant end) {
      if (timeline.clock.instant().isAfter(end)) {
        return;
      }
      double minutes = -Math.log(1 - random.nextDouble()) / perMinute;
      timeline.after(Duration.ofNanos((long) (minutes * 60e9)), () -> generate(end));
      var _ =
          generateImage.generate(
              GenerateImage.Command.of(new UserId("user-" + asked++), "a lighthouse"));
    }

    private void sold(Job job) {
      boolean loses = random.nextInt(100) < lossPercent;
      if (loses) {
        unheard.add(job);
      }
      timeline.after(
          work.dividedBy(2).plusMillis(random.nextLong(work.toMillis() + 1)),
          () -> {
            job.endedAt = Optional.of(timeline.clock.instant());
            timeline.after(COUNTED, () -> forget(job));
            if (!loses) {
              timeline.after(WEBHOOK_LATENCY, () -> deliver(job));
            }
          });
    }

    private void deliver(Job job) {
      var _ =
          handleWebhook.handle(
              new HandleWebhook.Command(
                  Optional.of(job.generation),
                  new java.io.ByteArrayInputStream(webhooks.saying(job.prediction())),
                  FakeWebhooks.SIGNATURE));
    }

    /** What has ended is judged, and forgotten: in a small table everything is quick. */
    private void forget(Job job) {
      Generation generation = generations.find(job.generation).orElseThrow();
      if (generation.isActive()) {
        timeline.after(COUNTED, () -> forget(job));
      } else {
        failed += generation.state() instanceof State.Succeeded ? 0 : 1;
        generations.vanish(job.generation);
      }
    }
  }
}
