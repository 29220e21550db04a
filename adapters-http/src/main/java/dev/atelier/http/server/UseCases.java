package dev.atelier.http.server;

import dev.atelier.application.cancel.CancelGeneration;
import dev.atelier.application.cancel.DeleteGeneration;
import dev.atelier.application.generate.CreateGeneration;
import dev.atelier.application.health.CheckReadiness;
import dev.atelier.application.query.GetOutput;
import dev.atelier.application.query.GetStatus;
import dev.atelier.application.query.GetUsage;
import dev.atelier.application.query.ListGenerations;
import dev.atelier.application.query.ListModels;
import dev.atelier.application.subscribe.SubscribeToGeneration;
import dev.atelier.application.sweep.Sweep;
import dev.atelier.application.upload.CreateUpload;
import dev.atelier.application.upload.DeleteUpload;
import dev.atelier.application.upload.GetUpload;
import dev.atelier.application.webhook.HandleWebhook;

/** The use cases that the routes call. */
public record UseCases(
    CreateGeneration createGeneration,
    HandleWebhook handleWebhook,
    GetStatus getStatus,
    SubscribeToGeneration subscribeToGeneration,
    GetOutput getOutput,
    ListGenerations listGenerations,
    CancelGeneration cancelGeneration,
    DeleteGeneration deleteGeneration,
    ListModels listModels,
    GetUsage getUsage,
    CreateUpload createUpload,
    GetUpload getUpload,
    DeleteUpload deleteUpload,
    CheckReadiness checkReadiness,
    Sweep sweep) {}
