package dev.atelier.application.promise;

import dev.atelier.application.InMemoryAtelier;
import dev.atelier.application.cancel.CancelGeneration;
import dev.atelier.application.cancel.CancelGenerationService;
import dev.atelier.application.cancel.CancelPrediction;
import dev.atelier.application.cancel.DeleteGeneration;
import dev.atelier.application.cancel.DeleteGenerationService;
import dev.atelier.application.cancel.PurgeDeleted;
import dev.atelier.application.generate.CreateGeneration;
import dev.atelier.application.generate.CreateGenerationService;
import dev.atelier.application.generate.GenerationRequestValidator;
import dev.atelier.application.generate.InputFiles;
import dev.atelier.application.port.BlobStore;
import dev.atelier.application.port.FakeFileLinks;
import dev.atelier.application.port.GenerationIds;
import dev.atelier.application.port.InMemoryBlobSpool;
import dev.atelier.application.port.InMemoryModels;
import dev.atelier.application.port.InMemoryUploads;
import dev.atelier.application.port.Outputs;
import dev.atelier.application.port.PollingLease;
import dev.atelier.application.port.Predictions;
import dev.atelier.application.port.Webhooks;
import dev.atelier.application.settle.RetrySchedule;
import dev.atelier.application.settle.Settle;
import dev.atelier.application.store.DrainSpool;
import dev.atelier.application.store.StoreOutputs;
import dev.atelier.application.sweep.Sweep;
import dev.atelier.application.sweep.SweepService;
import dev.atelier.application.webhook.BillLookup;
import dev.atelier.application.webhook.HandleWebhook;
import dev.atelier.application.webhook.HandleWebhookService;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** One process of the service. A crash discards it. */
final class Instance {
  static final int ACTIVE_LIMIT = 3;

  final FaultInjector faults;
  final ManualExecutor transfers = new ManualExecutor();
  final CreateGeneration createGeneration;
  final CancelGeneration cancelGeneration;
  final DeleteGeneration deleteGeneration;
  final HandleWebhook handleWebhook;
  final Sweep sweep;

  Instance(
      FaultInjector faults,
      dev.atelier.application.port.Generations database,
      PollingLease pollingLease,
      ScriptedSkytells skytells,
      BlobStore storage,
      Webhooks webhooks,
      GenerationIds ids,
      Clock clock,
      LongSupplier nanoTime) {
    this.faults = faults;
    var generations = faults.wrap(dev.atelier.application.port.Generations.class, database);
    var predictions = faults.wrap(Predictions.class, skytells);
    var outputs = faults.wrap(Outputs.class, skytells);
    var blobs = faults.wrap(BlobStore.class, storage);
    var settle = new Settle(generations, clock);
    var schedule = RetrySchedule.DEFAULT;
    var storeOutputs =
        new StoreOutputs(
            generations, outputs, blobs, settle, schedule, clock, nanoTime, transfers, 4);
    var inputFiles =
        new InputFiles(generations, new InMemoryUploads(), blobs, new FakeFileLinks(), clock);
    var models = new InMemoryModels();
    this.createGeneration =
        new CreateGenerationService(
            new GenerationRequestValidator(InMemoryAtelier.RULES, models, models, inputFiles),
            inputFiles,
            schedule,
            new dev.atelier.application.port.Generations.OwnerLimits(
                ACTIVE_LIMIT, Optional.empty()),
            generations,
            predictions,
            settle,
            storeOutputs,
            ids,
            clock);
    var cancelPrediction = new CancelPrediction(predictions, settle, storeOutputs);
    this.cancelGeneration = new CancelGenerationService(generations, settle, cancelPrediction);
    var spool = new InMemoryBlobSpool();
    var purgeDeleted = new PurgeDeleted(generations, blobs, spool, predictions, clock, transfers);
    this.deleteGeneration =
        new DeleteGenerationService(
            generations, settle, cancelPrediction, purgeDeleted, Duration.ZERO);
    this.handleWebhook =
        new HandleWebhookService(
            webhooks,
            generations,
            settle,
            storeOutputs,
            new BillLookup(predictions, settle, transfers),
            Duration.ZERO);
    var drainSpool = new DrainSpool(blobs, spool, clock, transfers);
    this.sweep =
        new SweepService(
            generations,
            predictions,
            faults.wrap(PollingLease.class, pollingLease),
            settle,
            storeOutputs,
            purgeDeleted,
            drainSpool,
            schedule,
            clock);
  }
}
