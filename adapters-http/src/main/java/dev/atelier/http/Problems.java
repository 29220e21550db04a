package dev.atelier.http;

import dev.atelier.application.InvalidRequestException;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.application.port.UnreadableGenerationException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.eclipse.jetty.http.HttpException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whatever a route throws into a problem; the one place where that is decided. */
final class Problems implements Routes {
  private static final Logger log = LoggerFactory.getLogger(Problems.class);

  private static final List<String> OF_ANOTHER_ANSWER =
      List.of("Content-Length", "Content-Disposition", "ETag", "Accept-Ranges");

  @Override
  public void addTo(RoutesConfig routes) {
    routes.exception(ProblemException.class, (e, ctx) -> answer(ctx, e.problem()));
    routes.exception(InvalidRequestException.class, (e, ctx) -> answer(ctx, Problem.invalid(e)));
    routes.exception(UnauthenticatedException.class, Problems::unauthenticated);
    routes.exception(UnavailableException.class, Problems::unavailable);
    // The store has logged it.
    routes.exception(
        UnreadableGenerationException.class,
        (e, ctx) -> answer(ctx, Problem.of(ProblemCode.UNREADABLE_GENERATION)));
    routes.exception(MethodNotAllowedResponse.class, Problems::methodNotAllowed);
    routes.exception(
        HttpResponseException.class, (e, ctx) -> answer(ctx, Problem.ofStatus(e.getStatus())));
    routes.exception(Exception.class, Problems::unexpected);
    // These have a status alone until now: an Error, and a client too slow.
    routes.error(500, ctx -> answerUnlessAnswered(ctx, 500));
    routes.error(408, ctx -> answerUnlessAnswered(ctx, 408));
  }

  private static void answerUnlessAnswered(Context ctx, int status) {
    String type = ctx.res().getContentType();
    if (type == null || !type.startsWith(Problem.MEDIA_TYPE)) {
      answer(ctx, Problem.ofStatus(status));
    }
  }

  private static void unauthenticated(UnauthenticatedException e, Context ctx) {
    log.debug("unauthenticated: {}", e.getMessage());
    answer(ctx, Problem.of(ProblemCode.UNAUTHENTICATED));
    ctx.header("WWW-Authenticate", Bearer.SCHEME);
  }

  private static void unavailable(UnavailableException e, Context ctx) {
    log.error("unavailable: {}", e.reason());
    answer(ctx, Problem.unavailable());
  }

  private static void methodNotAllowed(MethodNotAllowedResponse e, Context ctx) {
    answer(ctx, Problem.of(ProblemCode.METHOD_NOT_ALLOWED));
    ctx.header("Allow", String.join(", ", e.getDetails().values()));
  }

  private static void unexpected(Exception e, Context ctx) {
    if (e instanceof HttpException broken) {
      // The server came upon it while the route was reading: a chunk that is none, for example.
      answer(ctx, Problem.ofStatus(broken.getCode()));
      return;
    }
    log.error("unexpected", e);
    answer(ctx, Problem.ofStatus(500));
  }

  /** What is no exception, such as a stack that is too deep; Javalin's own log is off. */
  static void error(HttpServletResponse response, Error error) {
    log.error("unexpected", error);
    response.setStatus(500);
  }

  /**
   * Where part of another answer has gone out already, the server can only cut it off; and where it
   * was only prepared, what described it goes. (The servlet API's reset does so too, but stumbles
   * over some request headers.)
   */
  private static void answer(Context ctx, Problem problem) {
    if (ctx.res().isCommitted()) {
      return;
    }
    ctx.res().resetBuffer();
    OF_ANOTHER_ANSWER.forEach(header -> ctx.res().setHeader(header, null));
    if (problem.code() != ProblemCode.RANGE_NOT_SATISFIABLE) { // whose own it is
      ctx.res().setHeader("Content-Range", null);
    }
    problem.retryAfterSeconds().ifPresent(seconds -> ctx.header("Retry-After", seconds));
    ctx.status(problem.status())
        .header("Cache-Control", "no-store")
        .contentType(Problem.MEDIA_TYPE)
        .result(Json.bytes(problem.json(RequestScope.idOf(ctx))));
  }
}
