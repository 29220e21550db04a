package dev.atelier.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.cancel.CancelGeneration;
import dev.atelier.application.cancel.CancelGenerationService;
import dev.atelier.application.cancel.CancelPrediction;
import dev.atelier.application.cancel.DeleteGeneration;
import dev.atelier.application.cancel.DeleteGenerationService;
import dev.atelier.application.cancel.PurgeDeleted;
import dev.atelier.application.generate.CreateGeneration;
import dev.atelier.application.generate.CreateGenerationService;
import dev.atelier.application.generate.GenerationRequestValidator;
import dev.atelier.application.generate.GenerationRules;
import dev.atelier.application.generate.InputFiles;
import dev.atelier.application.generate.TimeOrderedIds;
import dev.atelier.application.port.FakeFileLinks;
import dev.atelier.application.port.FakeWebhooks;
import dev.atelier.application.port.FileLinks;
import dev.atelier.application.port.Generations.OwnerLimits;
import dev.atelier.application.port.InMemoryBlobSpool;
import dev.atelier.application.port.InMemoryBlobStore;
import dev.atelier.application.port.InMemoryGenerations;
import dev.atelier.application.port.InMemoryModels;
import dev.atelier.application.port.InMemoryPollingLease;
import dev.atelier.application.port.InMemorySkytells;
import dev.atelier.application.port.InMemoryUploads;
import dev.atelier.application.port.MutableClock;
import dev.atelier.application.query.GetOutput;
import dev.atelier.application.query.GetOutputService;
import dev.atelier.application.query.GetStatus;
import dev.atelier.application.query.GetStatusService;
import dev.atelier.application.query.ListGenerations;
import dev.atelier.application.query.ListGenerationsService;
import dev.atelier.application.query.ListModels;
import dev.atelier.application.query.ListModelsService;
import dev.atelier.application.settle.RetrySchedule;
import dev.atelier.application.settle.Settle;
import dev.atelier.application.store.DrainSpool;
import dev.atelier.application.store.FallbackBlobStore;
import dev.atelier.application.store.StoreOutputs;
import dev.atelier.application.subscribe.GenerationSubscriptions;
import dev.atelier.application.subscribe.SubscribeToGeneration;
import dev.atelier.application.subscribe.SubscribeToGenerationService;
import dev.atelier.application.sweep.Sweep;
import dev.atelier.application.sweep.SweepService;
import dev.atelier.application.upload.CreateUpload;
import dev.atelier.application.upload.CreateUploadService;
import dev.atelier.application.upload.PurgeUploads;
import dev.atelier.application.upload.UploadService;
import dev.atelier.application.webhook.BillLookup;
import dev.atelier.application.webhook.HandleWebhook;
import dev.atelier.application.webhook.HandleWebhookService;
import dev.atelier.domain.AllowedModels;
import dev.atelier.domain.Failure;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Generations;
import dev.atelier.domain.IdempotencyKey;
import dev.atelier.domain.ModelInput;
import dev.atelier.domain.Output;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.State;
import dev.atelier.domain.UserId;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The application on scriptable in-memory adapters. */
public final class InMemoryAtelier implements AutoCloseable {
  /** The number of uploads of an owner on one day. */
  public static final int UPLOADS_PER_DAY = 20;

  /** The maximum cost of an owner's generations on one day. */
  public static final BigDecimal DAILY_BUDGET = new BigDecimal("1000");

  /** The maximum number of active generations per owner. */
  public static final int ACTIVE_LIMIT = 10;

  /** The allowed models and the prompt limit. */
  public static final GenerationRules RULES =
      new GenerationRules(
          new AllowedModels(
              List.of(Generations.IMAGE_MODEL.slug(), Generations.VIDEO_MODEL.slug(), "*fusion-*"),
              Generations.IMAGE_MODEL.slug()),
          1000);

  public final MutableClock clock = new MutableClock();
  public final InMemoryGenerations generations = new InMemoryGenerations();
  public final InMemorySkytells skytells = new InMemorySkytells();
  public final InMemoryBlobStore blobs = new InMemoryBlobStore();
  public final InMemoryBlobSpool spool = new InMemoryBlobSpool();
  public final InMemoryPollingLease pollingLease = new InMemoryPollingLease();
  public final InMemoryUploads uploads = new InMemoryUploads();
  public final InMemoryModels models = new InMemoryModels();
  public final FakeWebhooks webhooks = new FakeWebhooks();
  public final GenerationSubscriptions generationSubscriptions =
      new GenerationSubscriptions(generations, Duration.ofSeconds(2));
  public final Settle settle = new Settle(generations, clock);
  public final CreateGeneration createGeneration;
  public final HandleWebhook handleWebhook;
  public final GetStatus getStatus;
  public final SubscribeToGeneration subscribeToGeneration;
  public final GetOutput getOutput;
  public final ListGenerations listGenerations = new ListGenerationsService(generations);
  public final CancelGeneration cancelGeneration;
  public final DeleteGeneration deleteGeneration;
  public final ListModels listModels;
  public final CreateUpload createUpload;
  public final UploadService uploadService;
  public final PurgeUploads purgeUploads;
  public final StoreOutputs storeOutputs;
  public final Sweep sweep;

  private final PurgeDeleted purgeDeleted;
  private final AtomicInteger running = new AtomicInteger();
  private final ExecutorService workers = Executors.newThreadPerTaskExecutor(this::worker);

  public InMemoryAtelier() {
    this(new FakeFileLinks());
  }

  public InMemoryAtelier(FileLinks fileLinks) {
    listModels = new ListModelsService(RULES.models(), models);
    var fallback = new FallbackBlobStore(blobs, spool, clock);
    getOutput = new GetOutputService(generations, fallback);
    storeOutputs =
        new StoreOutputs(
            generations,
            skytells,
            fallback,
            settle,
            RetrySchedule.DEFAULT,
            clock,
            clock::nanoTime,
            workers,
            4);
    var cancelPrediction = new CancelPrediction(skytells, settle, storeOutputs);
    cancelGeneration = new CancelGenerationService(generations, settle, cancelPrediction);
    purgeDeleted = new PurgeDeleted(generations, blobs, spool, skytells, clock, workers);
    deleteGeneration =
        new DeleteGenerationService(
            generations, settle, cancelPrediction, purgeDeleted, Duration.ofSeconds(20));
    var inputFiles = new InputFiles(generations, uploads, fallback, fileLinks, clock);
    createGeneration =
        new CreateGenerationService(
            new GenerationRequestValidator(RULES, models, models, inputFiles),
            inputFiles,
            RetrySchedule.DEFAULT,
            new OwnerLimits(ACTIVE_LIMIT, Optional.of(DAILY_BUDGET)),
            generations,
            skytells,
            settle,
            storeOutputs,
            new TimeOrderedIds(clock, new Random(1)),
            clock);
    createUpload =
        new CreateUploadService(
            uploads, fallback, new TimeOrderedIds(clock, new Random(2)), UPLOADS_PER_DAY, clock);
    uploadService = new UploadService(uploads, fallback, clock);
    purgeUploads = new PurgeUploads(uploads, fallback, clock);
    handleWebhook =
        new HandleWebhookService(
            webhooks,
            generations,
            settle,
            storeOutputs,
            new BillLookup(skytells, settle, workers),
            Duration.ofSeconds(20));
    sweep = anotherSweep();
    getStatus = new GetStatusService(generations);
    subscribeToGeneration = new SubscribeToGenerationService(generations, generationSubscriptions);
    generationSubscriptions.start();
  }

  /** The sweep service of another instance. */
  public Sweep anotherSweep() {
    return new SweepService(
        generations,
        skytells,
        pollingLease,
        settle,
        storeOutputs,
        purgeDeleted,
        new DrainSpool(blobs, spool, clock, workers),
        RetrySchedule.DEFAULT,
        clock);
  }

  /** A command with default options. */
  public static CreateGeneration.Command command(
      UserId owner, String prompt, Optional<String> model, Optional<IdempotencyKey> key) {
    return new CreateGeneration.Command(
        owner,
        key,
        Optional.of(prompt),
        model,
        OptionalInt.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalLong.empty(),
        OptionalInt.empty(),
        ModelInput.EMPTY);
  }

  /** Starts a generation; fails if it is refused. */
  public Generation generate(UserId owner) {
    var result = createGeneration.create(CreateGeneration.Command.of(owner, "a lighthouse"));
    return ((CreateGeneration.Result.Accepted) result).generation();
  }

  /** The stored state. */
  public Generation current(Generation generation) {
    return generations.find(generation.id()).orElseThrow();
  }

  public void assertSucceeded(Generation generation) {
    assertThat(current(generation).state()).isInstanceOf(State.Succeeded.class);
  }

  /** The failure code of a generation that has failed. */
  public Failure.Code failureCode(Generation generation) {
    return ((State.Failed) current(generation).state()).failure().code();
  }

  public static PredictionId prediction(Generation generation) {
    return generation.state().prediction().orElseThrow();
  }

  /** The prediction of the generation, succeeded. */
  public static Prediction succeeded(Generation generation, Output... outputs) {
    return new Prediction.Succeeded(prediction(generation), List.of(outputs), Optional.empty());
  }

  /** Sends a webhook with a valid signature to the URL of the generation. */
  public HandleWebhook.Result webhook(Generation generation, Prediction prediction) {
    return webhook(Optional.of(generation.id()), prediction);
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

  /** Calls {@link #sweepAfter} this many times. */
  public void sweepEvery(Duration interval, int times) {
    for (int i = 0; i < times; i++) {
      sweepAfter(interval);
    }
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

  @Override
  public void close() {
    generationSubscriptions.close();
    workers.close();
  }
}
