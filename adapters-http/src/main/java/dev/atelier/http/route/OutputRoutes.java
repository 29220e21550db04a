package dev.atelier.http.route;

import dev.atelier.application.query.GetOutput;
import dev.atelier.domain.GenerationId;
import dev.atelier.http.auth.CallerResolver;
import dev.atelier.http.problem.ProblemException;
import dev.atelier.http.request.Routes;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.regex.Pattern;

/** Serves stored outputs. */
public final class OutputRoutes implements Routes {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,4}");

  private final GetOutput getOutput;
  private final CallerResolver callerResolver;

  public OutputRoutes(GetOutput getOutput, CallerResolver callerResolver) {
    this.callerResolver = callerResolver;
    this.getOutput = getOutput;
  }

  @Override
  public void addTo(RoutesConfig routes) {
    Routes.read(routes, "/api/predictions/{id}/output/{n}", this::output);
  }

  private void output(Context ctx) throws IOException {
    String number = ctx.pathParam("n");
    GenerationId id =
        GenerationId.parse(ctx.pathParam("id")).orElseThrow(ProblemException::notFound);
    if (!NUMBER.matcher(number).matches()) {
      throw ProblemException.notFound();
    }
    int index = Integer.parseInt(number);
    switch (getOutput.get(new GetOutput.Query(callerResolver.accessScope(ctx), id, index))) {
      case GetOutput.Result.Found found ->
          StoredFile.respond(ctx, found.asset(), found.content(), id + "-" + index);
      case GetOutput.Result.NotFound _ -> throw ProblemException.notFound();
    }
  }
}
