package dev.atelier.http.route;

import dev.atelier.application.cancel.CancelGeneration;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.http.auth.CallerResolver;
import dev.atelier.http.problem.ProblemException;
import dev.atelier.http.request.Json;
import dev.atelier.http.request.Routes;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/** Cancels generations. */
public final class CancelRoutes implements Routes {
  /** In seconds. */
  private static final String POLL_INTERVAL = "5";

  private final CancelGeneration cancelGeneration;
  private final CallerResolver callerResolver;
  private final GenerationJson generationJson;

  public CancelRoutes(
      CancelGeneration cancelGeneration, CallerResolver callerResolver, Links links) {
    this.cancelGeneration = cancelGeneration;
    this.callerResolver = callerResolver;
    this.generationJson = new GenerationJson(links);
  }

  @Override
  public void addTo(RoutesConfig routes) {
    routes.post("/api/predictions/{id}/cancel", this::cancel);
  }

  /** Repeatable: canceling an ended generation returns it unchanged. */
  private void cancel(Context ctx) {
    GenerationId id =
        GenerationId.parse(ctx.pathParam("id")).orElseThrow(ProblemException::notFound);
    var command = new CancelGeneration.Command(callerResolver.accessScope(ctx), id);
    Generation generation =
        switch (cancelGeneration.cancel(command)) {
          case CancelGeneration.Result.Found found -> found.generation();
          case CancelGeneration.Result.NotFound _ -> throw ProblemException.notFound();
        };
    ctx.header("Cache-Control", "no-store");
    if (generation.isActive()) {
      ctx.header("Retry-After", POLL_INTERVAL);
    }
    Json.respond(ctx, generation.isActive() ? 202 : 200, generationJson.of(generation));
  }
}
