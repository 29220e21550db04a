package dev.atelier.application;

import dev.atelier.application.port.FakeWebhooks;
import dev.atelier.application.port.InMemoryBlobSpool;
import dev.atelier.application.port.InMemoryBlobStore;
import dev.atelier.application.port.InMemoryGenerations;
import dev.atelier.application.port.InMemorySkytells;
import dev.atelier.application.port.InMemoryTurns;
import dev.atelier.application.port.ModelCatalog.Offer;
import dev.atelier.application.port.ModelCatalog.Price;
import dev.atelier.application.port.MutableClock;
import dev.atelier.domain.AllowedModels;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Generations;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The application on scriptable in-memory adapters. */
public final class InMemoryAtelier implements AutoCloseable {
  /** The maximum number of active generations per owner. */
  public static final int ACTIVE_LIMIT = 10;

  /** The allowed models and the prompt limit. */
  public static final RequestRules RULES =
      new RequestRules(
          new AllowedModels(
              List.of(Generations.IMAGE_MODEL, Generations.VIDEO_MODEL), Generations.IMAGE_MODEL),
          1000);

  public final MutableClock clock = new MutableClock();
  public final InMemoryGenerations generations = new InMemoryGenerations();
  public final InMemorySkytells skytells = new InMemorySkytells();
  public final InMemoryBlobStore blobs = new InMemoryBlobStore();
  public final InMemoryBlobSpool spool = new InMemoryBlobSpool();
  public final InMemoryTurns turns = new InMemoryTurns();
  public final FakeWebhooks webhooks = new FakeWebhooks();
  public final Watches watches = new Watches(generations, Duration.ofSeconds(2));
  public final Settle settle = new Settle(generations, clock);
  public final GenerateImage generateImage;
  public final HandleWebhook handleWebhook;
  public final GetStatus getStatus;
  public final WatchGeneration watchGeneration;
  public final GetOutput getOutput;
  public final ListGenerations listGenerations = new ListGenerationsService(generations);
  public final CancelGeneration cancelGeneration;
  public final DeleteGeneration deleteGeneration;
  public final ListModels listModels;
  public final StoreOutputs storeOutputs;
  public final Sweep sweep;

  private final RemoveDeleted removeDeleted;
  private final AtomicInteger running = new AtomicInteger();
  private final ExecutorService workers = Executors.newThreadPerTaskExecutor(this::worker);

  public InMemoryAtelier() {
    listModels =
        new ListModelsService(
            RULES.models(),
            () ->
                List.of(
                    new Offer(
                        Generations.IMAGE_MODEL,
                        "TrueFusion Pro",
                        "Pictures.",
                        true,
                        Optional.of(new Price(new BigDecimal("0.03"), "USD", "image")))));
    var fallback = new FallbackBlobStore(blobs, spool, clock);
    getOutput = new GetOutputService(generations, fallback);
    storeOutputs =
        new StoreOutputs(
            generations,
            skytells,
            fallback,
            settle,
            SweepSchedule.DEFAULT,
            clock,
            clock::nanoTime,
            workers,
            4);
    var callOff = new CallOff(skytells, settle, storeOutputs);
    cancelGeneration = new CancelGenerationService(generations, settle, callOff);
    removeDeleted = new RemoveDeleted(generations, blobs, spool, skytells, clock, workers);
    deleteGeneration =
        new DeleteGenerationService(
            generations, settle, callOff, removeDeleted, Duration.ofSeconds(20));
    generateImage =
        new GenerateImageService(
            RULES,
            ACTIVE_LIMIT,
            generations,
            skytells,
            settle,
            storeOutputs,
            new TimeOrderedIds(clock, new Random(1)),
            clock);
    handleWebhook =
        new HandleWebhookService(
            webhooks, generations, settle, storeOutputs, Duration.ofSeconds(20));
    sweep = anotherSweep();
    getStatus = new GetStatusService(generations);
    watchGeneration = new WatchGenerationService(generations, watches);
    watches.start();
  }

  /** The sweep service of another instance. */
  public Sweep anotherSweep() {
    return new SweepService(
        generations,
        skytells,
        turns,
        settle,
        storeOutputs,
        removeDeleted,
        new DrainSpool(blobs, spool, clock, workers),
        SweepSchedule.DEFAULT,
        clock);
  }

  /** Sends a webhook with a valid signature. */
  public HandleWebhook.Result webhook(Optional<GenerationId> generation, Prediction prediction) {
    return handleWebhook.handle(
        new HandleWebhook.Command(
            generation,
            new ByteArrayInputStream(webhooks.saying(prediction)),
            FakeWebhooks.SIGNATURE));
  }

  private Thread worker(Runnable task) {
    running.incrementAndGet();
    return Thread.ofVirtual()
        .unstarted(
            () -> {
              try {
                task.run();
              } finally {
                running.decrementAndGet();
              }
            });
  }

  /**
   * Advances the time, completes one sweep, and waits for the work that it started in the
   * background.
   */
  public Sweep.Result sweepAfter(Duration time) {
    clock.advance(time);
    Sweep.Result result = sweep.sweep(new Sweep.Command(Duration.ofSeconds(20)));
    awaitIdle();
    return result;
  }

  /** Waits until no transfer, no move from the spool and no removal is running. */
  public void awaitIdle() {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (running.get() > 0) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("still running: " + running.get());
      }
      Thread.onSpinWait();
    }
  }

  /** Waits until Skytells has accepted this many predictions. */
  public Map<GenerationId, PredictionId> awaitSold(int count) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (skytells.sold().size() < count) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("accepted only " + skytells.sold().size());
      }
      Thread.onSpinWait();
    }
    return skytells.sold();
  }

  @Override
  public void close() {
    watches.close();
    workers.close();
  }
}
