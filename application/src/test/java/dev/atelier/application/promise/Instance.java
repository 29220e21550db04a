package dev.atelier.application.promise;

import dev.atelier.application.CallOff;
import dev.atelier.application.CancelGeneration;
import dev.atelier.application.CancelGenerationService;
import dev.atelier.application.DeleteGeneration;
import dev.atelier.application.DeleteGenerationService;
import dev.atelier.application.DrainSpool;
import dev.atelier.application.GenerateImage;
import dev.atelier.application.GenerateImageService;
import dev.atelier.application.HandleWebhook;
import dev.atelier.application.HandleWebhookService;
import dev.atelier.application.RemoveDeleted;
import dev.atelier.application.RequestRules;
import dev.atelier.application.Settle;
import dev.atelier.application.StoreOutputs;
import dev.atelier.application.Sweep;
import dev.atelier.application.SweepSchedule;
import dev.atelier.application.SweepService;
import dev.atelier.application.port.BlobStore;
import dev.atelier.application.port.GenerationIds;
import dev.atelier.application.port.InMemoryBlobSpool;
import dev.atelier.application.port.Outputs;
import dev.atelier.application.port.Predictions;
import dev.atelier.application.port.Turns;
import dev.atelier.application.port.Webhooks;
import dev.atelier.domain.AllowedModels;
import dev.atelier.domain.Generations;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/** One process of the service: everything that a crash takes away. */
final class Instance {
  static final int ACTIVE_LIMIT = 3;

  final Surprises surprises;
  final Transfers transfers = new Transfers();
  final GenerateImage generateImage;
  final CancelGeneration cancelGeneration;
  final DeleteGeneration deleteGeneration;
  final HandleWebhook handleWebhook;
  final Sweep sweep;

  Instance(
      Surprises surprises,
      dev.atelier.application.port.Generations database,
      Turns turns,
      ScriptedSkytells skytells,
      BlobStore storage,
      Webhooks webhooks,
      GenerationIds ids,
      Clock clock,
      LongSupplier nanoTime) {
    this.surprises = surprises;
    var generations = surprises.in(dev.atelier.application.port.Generations.class, database);
    var predictions = surprises.in(Predictions.class, skytells);
    var outputs = surprises.in(Outputs.class, skytells);
    var blobs = surprises.in(BlobStore.class, storage);
    var settle = new Settle(generations, clock);
    var schedule = SweepSchedule.DEFAULT;
    var storeOutputs =
        new StoreOutputs(
            generations, outputs, blobs, settle, schedule, clock, nanoTime, transfers, 4);
    var models =
        new AllowedModels(
            List.of(Generations.IMAGE_MODEL, Generations.VIDEO_MODEL), Generations.IMAGE_MODEL);
    this.generateImage =
        new GenerateImageService(
            new RequestRules(models, 1000),
            ACTIVE_LIMIT,
            generations,
            predictions,
            settle,
            storeOutputs,
            ids,
            clock);
    var callOff = new CallOff(predictions, settle, storeOutputs);
    this.cancelGeneration = new CancelGenerationService(generations, settle, callOff);
    var spool = new InMemoryBlobSpool();
    var removeDeleted = new RemoveDeleted(generations, blobs, spool, predictions, clock, transfers);
    this.deleteGeneration =
        new DeleteGenerationService(generations, settle, callOff, removeDeleted, Duration.ZERO);
    this.handleWebhook =
        new HandleWebhookService(webhooks, generations, settle, storeOutputs, Duration.ZERO);
    var drainSpool = new DrainSpool(blobs, spool, clock, transfers);
    this.sweep =
        new SweepService(
            generations,
            predictions,
            surprises.in(Turns.class, turns),
            settle,
            storeOutputs,
            removeDeleted,
            drainSpool,
            schedule,
            clock);
  }
}
