package dev.atelier.bootstrap;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.name.Named;
import dev.atelier.application.CallOff;
import dev.atelier.application.CancelGeneration;
import dev.atelier.application.CancelGenerationService;
import dev.atelier.application.CheckReadiness;
import dev.atelier.application.CheckReadinessService;
import dev.atelier.application.DeleteGeneration;
import dev.atelier.application.DeleteGenerationService;
import dev.atelier.application.DrainSpool;
import dev.atelier.application.FallbackBlobStore;
import dev.atelier.application.GenerateImage;
import dev.atelier.application.GenerateImageService;
import dev.atelier.application.GetOutput;
import dev.atelier.application.GetOutputService;
import dev.atelier.application.GetStatus;
import dev.atelier.application.GetStatusService;
import dev.atelier.application.HandleWebhook;
import dev.atelier.application.HandleWebhookService;
import dev.atelier.application.ListGenerations;
import dev.atelier.application.ListGenerationsService;
import dev.atelier.application.ListModels;
import dev.atelier.application.ListModelsService;
import dev.atelier.application.RemoveDeleted;
import dev.atelier.application.RequestRules;
import dev.atelier.application.Settle;
import dev.atelier.application.StoreOutputs;
import dev.atelier.application.Sweep;
import dev.atelier.application.SweepSchedule;
import dev.atelier.application.SweepService;
import dev.atelier.application.Sweeper;
import dev.atelier.application.TimeOrderedIds;
import dev.atelier.application.WatchGeneration;
import dev.atelier.application.WatchGenerationService;
import dev.atelier.application.Watches;
import dev.atelier.application.port.BlobSpool;
import dev.atelier.application.port.BlobStore;
import dev.atelier.application.port.Changes;
import dev.atelier.application.port.Dependency;
import dev.atelier.application.port.GenerationIds;
import dev.atelier.application.port.Generations;
import dev.atelier.application.port.ModelCatalog;
import dev.atelier.application.port.Outputs;
import dev.atelier.application.port.Predictions;
import dev.atelier.application.port.Turns;
import dev.atelier.application.port.Webhooks;
import dev.atelier.http.Metrics;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Binds the use cases to the adapters of the other modules. */
final class ApplicationModule extends AbstractModule {
  private static final Duration SWEEP_EVERY = Duration.ofSeconds(1);

  /** How long a delete request waits for its files to be removed. */
  private static final Duration REMOVE_WITHIN_REQUEST = Duration.ofSeconds(2);

  /** How often subscriptions poll while change notifications are unavailable. */
  private static final Duration POLL_EVERY = Duration.ofSeconds(2);

  /** Maximum number of concurrent image downloads, and of concurrent video downloads. */
  private static final int TRANSFERS_PER_LANE = 16;

  private final Settings settings;
  private final Clock clock;
  private final SecureRandom random;

  ApplicationModule(Settings settings, Clock clock, SecureRandom random) {
    this.settings = settings;
    this.clock = clock;
    this.random = random;
  }

  @Override
  protected void configure() {
    bind(Clock.class).toInstance(clock);
    bind(SweepSchedule.class).toInstance(settings.sweepSchedule());
  }

  @Provides
  @Singleton
  GenerationIds ids() {
    return new TimeOrderedIds(clock, random);
  }

  @Provides
  @Singleton
  Watches watches(Changes changes, Metrics metrics) {
    return metrics.counting(new Watches(changes, POLL_EVERY));
  }

  @Provides
  @Singleton
  Settle settle(Generations generations) {
    return new Settle(generations, clock);
  }

  @Provides
  @Singleton
  ExecutorService workers() {
    return Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("store-", 0).factory());
  }

  @Provides
  @Singleton
  FallbackBlobStore blobs(BlobStore store, BlobSpool spool) {
    return new FallbackBlobStore(store, spool, clock);
  }

  @Provides
  @Singleton
  DrainSpool drainSpool(BlobStore store, BlobSpool spool, ExecutorService workers) {
    return new DrainSpool(store, spool, clock, workers);
  }

  @Provides
  @Singleton
  StoreOutputs storeOutputs(
      Generations generations,
      Outputs outputs,
      FallbackBlobStore blobs,
      Settle settle,
      SweepSchedule schedule,
      ExecutorService workers) {
    return new StoreOutputs(
        generations,
        outputs,
        blobs,
        settle,
        schedule,
        clock,
        System::nanoTime,
        workers,
        TRANSFERS_PER_LANE);
  }

  @Provides
  @Singleton
  Sweep sweep(
      Generations generations,
      Predictions predictions,
      Turns turns,
      Settle settle,
      StoreOutputs storeOutputs,
      RemoveDeleted removeDeleted,
      DrainSpool drainSpool,
      SweepSchedule schedule,
      Metrics metrics) {
    return metrics.timing(
        new SweepService(
            generations,
            predictions,
            turns,
            settle,
            storeOutputs,
            removeDeleted,
            drainSpool,
            schedule,
            clock));
  }

  @Provides
  @Singleton
  Sweeper sweeper(Sweep sweep) {
    return new Sweeper(sweep, SWEEP_EVERY);
  }

  @Provides
  @Singleton
  RequestRules requestRules() {
    return new RequestRules(settings.models(), settings.promptMaxLength());
  }

  @Provides
  @Singleton
  GenerateImage generateImage(
      RequestRules rules,
      Generations generations,
      Predictions predictions,
      Settle settle,
      StoreOutputs storeOutputs,
      GenerationIds ids) {
    return new GenerateImageService(
        rules, settings.activeLimit(), generations, predictions, settle, storeOutputs, ids, clock);
  }

  @Provides
  @Singleton
  HandleWebhook handleWebhook(
      Webhooks webhooks,
      Generations generations,
      Settle settle,
      StoreOutputs storeOutputs,
      Metrics metrics) {
    return metrics.counting(
        new HandleWebhookService(
            webhooks, generations, settle, storeOutputs, settings.storeWithinWebhook()));
  }

  @Provides
  @Singleton
  GetStatus getStatus(Generations generations) {
    return new GetStatusService(generations);
  }

  @Provides
  @Singleton
  WatchGeneration watchGeneration(Generations generations, Watches watches) {
    return new WatchGenerationService(generations, watches);
  }

  @Provides
  @Singleton
  GetOutput getOutput(Generations generations, FallbackBlobStore blobs) {
    return new GetOutputService(generations, blobs);
  }

  @Provides
  @Singleton
  ListGenerations listGenerations(Generations generations) {
    return new ListGenerationsService(generations);
  }

  @Provides
  @Singleton
  CallOff callOff(Predictions predictions, Settle settle, StoreOutputs storeOutputs) {
    return new CallOff(predictions, settle, storeOutputs);
  }

  @Provides
  @Singleton
  CancelGeneration cancelGeneration(Generations generations, Settle settle, CallOff callOff) {
    return new CancelGenerationService(generations, settle, callOff);
  }

  @Provides
  @Singleton
  RemoveDeleted removeDeleted(
      Generations generations,
      BlobStore store,
      BlobSpool spool,
      Predictions predictions,
      ExecutorService workers) {
    return new RemoveDeleted(generations, store, spool, predictions, clock, workers);
  }

  @Provides
  @Singleton
  DeleteGeneration deleteGeneration(
      Generations generations, Settle settle, CallOff callOff, RemoveDeleted removeDeleted) {
    return new DeleteGenerationService(
        generations, settle, callOff, removeDeleted, REMOVE_WITHIN_REQUEST);
  }

  @Provides
  @Singleton
  ListModels listModels(ModelCatalog catalog) {
    return new ListModelsService(settings.models(), catalog);
  }

  @Provides
  @Singleton
  CheckReadiness checkReadiness(
      Set<Dependency> needed, @Named("storage") Set<Dependency> storages) {
    return new CheckReadinessService(List.copyOf(needed), List.copyOf(storages), clock);
  }
}
