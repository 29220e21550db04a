package dev.atelier.http;

import dev.atelier.application.CancelGeneration;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/** Cancels generations. */
final class CancelRoutes implements Routes {
  /** In seconds, while Skytells has not yet canceled the prediction. */
  private static final String POLL_INTERVAL = "5";

  private final CancelGeneration cancelGeneration;
  private final Callers callers;
  private final GenerationJson generationJson;

  CancelRoutes(CancelGeneration cancelGeneration, Callers callers, Links links) {
    this.cancelGeneration = cancelGeneration;
    this.callers = callers;
    this.generationJson = new GenerationJson(links);
  }

  @Override
  public void addTo(RoutesConfig routes) {
    routes.post("/api/predictions/{id}/cancel", this::cancel);
  }

  /** Repeatable: canceling an ended generation returns it unchanged. */
  private void cancel(Context ctx) {
    GenerationId id = GenerationId.parse(ctx.pathParam("id")).orElseThrow(CancelRoutes::notFound);
    var command = new CancelGeneration.Command(callers.viewer(ctx), id);
    Generation generation =
        switch (cancelGeneration.cancel(command)) {
          case CancelGeneration.Result.Found found -> found.generation();
          case CancelGeneration.Result.NotFound _ -> throw notFound();
        };
    ctx.header("Cache-Control", "no-store");
    if (generation.isActive()) {
      ctx.header("Retry-After", POLL_INTERVAL);
    }
    Json.answer(ctx, generation.isActive() ? 202 : 200, generationJson.of(generation));
  }

  private static ProblemException notFound() {
    return new ProblemException(Problem.of(ProblemCode.NOT_FOUND));
  }
}
