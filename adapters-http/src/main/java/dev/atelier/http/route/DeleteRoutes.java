package dev.atelier.http.route;

import dev.atelier.application.cancel.DeleteGeneration;
import dev.atelier.domain.GenerationId;
import dev.atelier.http.auth.CallerResolver;
import dev.atelier.http.problem.ProblemException;
import dev.atelier.http.request.Routes;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/** Deletes generations. */
public final class DeleteRoutes implements Routes {
  private final DeleteGeneration deleteGeneration;
  private final CallerResolver callerResolver;

  public DeleteRoutes(DeleteGeneration deleteGeneration, CallerResolver callerResolver) {
    this.deleteGeneration = deleteGeneration;
    this.callerResolver = callerResolver;
  }

  @Override
  public void addTo(RoutesConfig routes) {
    routes.delete("/api/predictions/{id}", this::delete);
  }

  private void delete(Context ctx) {
    GenerationId id =
        GenerationId.parse(ctx.pathParam("id")).orElseThrow(ProblemException::notFound);
    var command = new DeleteGeneration.Command(callerResolver.accessScope(ctx), id);
    switch (deleteGeneration.delete(command)) {
      case DELETED -> ctx.status(204);
      case NOT_FOUND -> throw ProblemException.notFound();
    }
  }
}
