package dev.atelier.http;

import dev.atelier.application.CancelGeneration;
import dev.atelier.application.CheckReadiness;
import dev.atelier.application.DeleteGeneration;
import dev.atelier.application.GenerateImage;
import dev.atelier.application.GetOutput;
import dev.atelier.application.GetStatus;
import dev.atelier.application.HandleWebhook;
import dev.atelier.application.ListGenerations;
import dev.atelier.application.ListModels;
import dev.atelier.application.Sweep;
import dev.atelier.application.WatchGeneration;

/** The use cases that the routes call. */
public record UseCases(
    GenerateImage generateImage,
    HandleWebhook handleWebhook,
    GetStatus getStatus,
    WatchGeneration watchGeneration,
    GetOutput getOutput,
    ListGenerations listGenerations,
    CancelGeneration cancelGeneration,
    DeleteGeneration deleteGeneration,
    ListModels listModels,
    CheckReadiness checkReadiness,
    Sweep sweep) {}
