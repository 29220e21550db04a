package dev.atelier.bootstrap;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.name.Named;
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
import dev.atelier.application.health.CheckReadiness;
import dev.atelier.application.health.CheckReadinessService;
import dev.atelier.application.port.BlobSpool;
import dev.atelier.application.port.BlobStore;
import dev.atelier.application.port.ChangeNotifications;
import dev.atelier.application.port.Dependency;
import dev.atelier.application.port.FileLinks;
import dev.atelier.application.port.GenerationIds;
import dev.atelier.application.port.Generations;
import dev.atelier.application.port.Generations.OwnerLimits;
import dev.atelier.application.port.InputBuilder;
import dev.atelier.application.port.ModelCatalog;
import dev.atelier.application.port.Outputs;
import dev.atelier.application.port.PollingLease;
import dev.atelier.application.port.Predictions;
import dev.atelier.application.port.Uploads;
import dev.atelier.application.port.UsageReports;
import dev.atelier.application.port.Webhooks;
import dev.atelier.application.query.GetOutput;
import dev.atelier.application.query.GetOutputService;
import dev.atelier.application.query.GetStatus;
import dev.atelier.application.query.GetStatusService;
import dev.atelier.application.query.GetUsage;
import dev.atelier.application.query.GetUsageService;
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
import dev.atelier.application.sweep.Sweeper;
import dev.atelier.application.upload.CreateUpload;
import dev.atelier.application.upload.CreateUploadService;
import dev.atelier.application.upload.DeleteUpload;
import dev.atelier.application.upload.GetUpload;
import dev.atelier.application.upload.PurgeUploads;
import dev.atelier.application.upload.PurgingSweep;
import dev.atelier.application.upload.UploadService;
import dev.atelier.application.webhook.BillLookup;
import dev.atelier.application.webhook.HandleWebhook;
import dev.atelier.application.webhook.HandleWebhookService;
import dev.atelier.http.metrics.Metrics;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Binds the use cases to the adapters of the other modules. */
final class ApplicationModule extends AbstractModule {
  private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(1);

  /** How long a delete request waits for its files to be removed. */
  private static final Duration DELETE_TIMEOUT = Duration.ofSeconds(2);

  /** How often subscriptions poll, in case a change notification was lost. */
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(2);

  /** Maximum number of concurrent image downloads, and of concurrent video downloads. */
  private static final int TRANSFERS_PER_KIND = 16;

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
    bind(RetrySchedule.class).toInstance(settings.retrySchedule());
  }

  @Provides
  @Singleton
  GenerationIds ids() {
    return new TimeOrderedIds(clock, random);
  }

  @Provides
  @Singleton
  GenerationSubscriptions generationSubscriptions(
      ChangeNotifications changeNotifications, Metrics metrics) {
    return metrics.counting(new GenerationSubscriptions(changeNotifications, POLL_INTERVAL));
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
      RetrySchedule schedule,
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
        TRANSFERS_PER_KIND);
  }

  @Provides
  @Singleton
  Sweep sweep(
      Generations generations,
      Predictions predictions,
      PollingLease pollingLease,
      Settle settle,
      StoreOutputs storeOutputs,
      PurgeDeleted purgeDeleted,
      DrainSpool drainSpool,
      PurgeUploads purgeUploads,
      RetrySchedule schedule,
      Metrics metrics,
      ExecutorService workers) {
    return metrics.timing(
        new PurgingSweep(
            new SweepService(
                generations,
                predictions,
                pollingLease,
                settle,
                storeOutputs,
                purgeDeleted,
                drainSpool,
                schedule,
                clock),
            purgeUploads,
            workers));
  }

  @Provides
  @Singleton
  Sweeper sweeper(Sweep sweep) {
    return new Sweeper(sweep, SWEEP_INTERVAL);
  }

  @Provides
  @Singleton
  GenerationRules generationRules() {
    return new GenerationRules(settings.models(), settings.promptMaxLength());
  }

  @Provides
  @Singleton
  InputFiles inputFiles(
      Generations generations, Uploads uploads, FallbackBlobStore blobs, FileLinks links) {
    return new InputFiles(generations, uploads, blobs, links, clock);
  }

  @Provides
  @Singleton
  CreateUpload createUpload(Uploads uploads, FallbackBlobStore blobs, GenerationIds ids) {
    return new CreateUploadService(uploads, blobs, ids, settings.uploads().perDay(), clock);
  }

  @Provides
  @Singleton
  UploadService uploadService(Uploads uploads, FallbackBlobStore blobs) {
    return new UploadService(uploads, blobs, clock);
  }

  @Provides
  GetUpload getUpload(UploadService service) {
    return service;
  }

  @Provides
  DeleteUpload deleteUpload(UploadService service) {
    return service;
  }

  @Provides
  @Singleton
  PurgeUploads purgeUploads(Uploads uploads, FallbackBlobStore blobs) {
    return new PurgeUploads(uploads, blobs, clock);
  }

  @Provides
  @Singleton
  GenerationRequestValidator generationRequestValidator(
      GenerationRules rules,
      ModelCatalog catalog,
      InputBuilder inputBuilder,
      InputFiles inputFiles) {
    return new GenerationRequestValidator(rules, catalog, inputBuilder, inputFiles);
  }

  @Provides
  @Singleton
  CreateGeneration createGeneration(
      GenerationRequestValidator validator,
      InputFiles inputFiles,
      RetrySchedule schedule,
      Generations generations,
      Predictions predictions,
      Settle settle,
      StoreOutputs storeOutputs,
      GenerationIds ids) {
    return new CreateGenerationService(
        validator,
        inputFiles,
        schedule,
        new OwnerLimits(settings.activeLimit(), settings.dailyBudget()),
        generations,
        predictions,
        settle,
        storeOutputs,
        ids,
        clock);
  }

  @Provides
  @Singleton
  HandleWebhook handleWebhook(
      Webhooks webhooks,
      Generations generations,
      Settle settle,
      StoreOutputs storeOutputs,
      Predictions predictions,
      ExecutorService workers,
      Metrics metrics) {
    return metrics.counting(
        new HandleWebhookService(
            webhooks,
            generations,
            settle,
            storeOutputs,
            new BillLookup(predictions, settle, workers),
            settings.storeWithinWebhook()));
  }

  @Provides
  @Singleton
  GetStatus getStatus(Generations generations) {
    return new GetStatusService(generations);
  }

  @Provides
  @Singleton
  SubscribeToGeneration subscribeToGeneration(
      Generations generations, GenerationSubscriptions generationSubscriptions) {
    return new SubscribeToGenerationService(generations, generationSubscriptions);
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
  CancelPrediction cancelPrediction(
      Predictions predictions, Settle settle, StoreOutputs storeOutputs) {
    return new CancelPrediction(predictions, settle, storeOutputs);
  }

  @Provides
  @Singleton
  CancelGeneration cancelGeneration(
      Generations generations, Settle settle, CancelPrediction cancelPrediction) {
    return new CancelGenerationService(generations, settle, cancelPrediction);
  }

  @Provides
  @Singleton
  PurgeDeleted purgeDeleted(
      Generations generations,
      BlobStore store,
      BlobSpool spool,
      Predictions predictions,
      ExecutorService workers) {
    return new PurgeDeleted(generations, store, spool, predictions, clock, workers);
  }

  @Provides
  @Singleton
  DeleteGeneration deleteGeneration(
      Generations generations,
      Settle settle,
      CancelPrediction cancelPrediction,
      PurgeDeleted purgeDeleted) {
    return new DeleteGenerationService(
        generations, settle, cancelPrediction, purgeDeleted, DELETE_TIMEOUT);
  }

  @Provides
  @Singleton
  ListModels listModels(ModelCatalog catalog) {
    return new ListModelsService(settings.models(), catalog);
  }

  @Provides
  @Singleton
  GetUsage getUsage(UsageReports reports) {
    return new GetUsageService(reports);
  }

  @Provides
  @Singleton
  CheckReadiness checkReadiness(
      Set<Dependency> required, @Named("storage") Set<Dependency> storages) {
    return new CheckReadinessService(List.copyOf(required), List.copyOf(storages), clock);
  }
}
