package dev.atelier.http;

import dev.atelier.application.CancelGeneration;
import dev.atelier.application.DeleteGeneration;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/** Calling a generation off, and deleting it. */
final class EndRoutes implements Routes {
  /** Seconds until a look at what Skytells has not ended yet is worth it. */
  private static final String LOOK_AGAIN = "5";

  private final CancelGeneration cancelGeneration;
  private final DeleteGeneration deleteGeneration;
  private final Callers callers;
  private final GenerationJson generationJson;

  EndRoutes(
      CancelGeneration cancelGeneration,
      DeleteGeneration deleteGeneration,
      Callers callers,
      Links links) {
    this.cancelGeneration = cancelGeneration;
    this.deleteGeneration = deleteGeneration;
    this.callers = callers;
    this.generationJson = new GenerationJson(links);
  }

  @Override
  public void addTo(RoutesConfig routes) {
    routes.post("/api/predictions/{id}/cancel", this::cancel);
    routes.delete("/api/predictions/{id}", this::delete);
  }

  /** What has ended before stays as it is, and is no error: whoever repeats the wish has it. */
  private void cancel(Context ctx) {
    var command = new CancelGeneration.Command(callers.viewer(ctx), id(ctx));
    Generation generation =
        switch (cancelGeneration.cancel(command)) {
          case CancelGeneration.Result.Found found -> found.generation();
          case CancelGeneration.Result.NotFound _ -> throw notFound();
        };
    ctx.header("Cache-Control", "no-store");
    if (generation.isActive()) {
      ctx.header("Retry-After", LOOK_AGAIN);
    }
    Json.answer(ctx, generation.isActive() ? 202 : 200, generationJson.of(generation));
  }

  private void delete(Context ctx) {
    var command = new DeleteGeneration.Command(callers.viewer(ctx), id(ctx));
    switch (deleteGeneration.delete(command)) {
      case DELETED -> ctx.status(204);
      case NOT_FOUND -> throw notFound();
    }
  }

  private static GenerationId id(Context ctx) {
    return GenerationId.parse(ctx.pathParam("id")).orElseThrow(EndRoutes::notFound);
  }

  private static ProblemException notFound() {
    return new ProblemException(Problem.of(ProblemCode.NOT_FOUND));
  }
}
