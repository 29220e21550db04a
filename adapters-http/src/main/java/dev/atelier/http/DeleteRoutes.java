package dev.atelier.http;

import dev.atelier.application.DeleteGeneration;
import dev.atelier.domain.GenerationId;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/** Deletes generations. */
final class DeleteRoutes implements Routes {
  private final DeleteGeneration deleteGeneration;
  private final Callers callers;

  DeleteRoutes(DeleteGeneration deleteGeneration, Callers callers) {
    this.deleteGeneration = deleteGeneration;
    this.callers = callers;
  }

  @Override
  public void addTo(RoutesConfig routes) {
    routes.delete("/api/predictions/{id}", this::delete);
  }

  private void delete(Context ctx) {
    GenerationId id = GenerationId.parse(ctx.pathParam("id")).orElseThrow(DeleteRoutes::notFound);
    var command = new DeleteGeneration.Command(callers.viewer(ctx), id);
    switch (deleteGeneration.delete(command)) {
      case DELETED -> ctx.status(204);
      case NOT_FOUND -> throw notFound();
    }
  }

  private static ProblemException notFound() {
    return new ProblemException(Problem.of(ProblemCode.NOT_FOUND));
  }
}
