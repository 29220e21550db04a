package dev.atelier.http.problem;

import dev.atelier.application.generate.InvalidRequestException;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.application.port.UnreadableGenerationException;
import dev.atelier.http.auth.BearerToken;
import dev.atelier.http.auth.UnauthenticatedException;
import dev.atelier.http.request.Json;
import dev.atelier.http.request.RequestContext;
import dev.atelier.http.request.Routes;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import org.eclipse.jetty.http.HttpException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Maps every exception of a route to a problem response. */
public final class Problems implements Routes {
  private static final Logger log = LoggerFactory.getLogger(Problems.class);

  private static final List<String> CONTENT_HEADERS =
      List.of("Content-Length", "Content-Disposition", "ETag", "Accept-Ranges");

  @Override
  public void addTo(RoutesConfig routes) {
    routes.exception(ProblemException.class, (e, ctx) -> respond(ctx, e.problem()));
    routes.exception(BodyException.class, (e, ctx) -> respond(ctx, e.problem()));
    routes.exception(InvalidRequestException.class, (e, ctx) -> respond(ctx, Problem.invalid(e)));
    routes.exception(UnauthenticatedException.class, Problems::unauthenticated);
    routes.exception(UnavailableException.class, Problems::unavailable);
    // The store has logged it.
    routes.exception(
        UnreadableGenerationException.class,
        (e, ctx) -> respond(ctx, Problem.of(ProblemCode.UNREADABLE_GENERATION)));
    routes.exception(MethodNotAllowedResponse.class, Problems::methodNotAllowed);
    routes.exception(
        HttpResponseException.class, (e, ctx) -> respond(ctx, Problem.ofStatus(e.getStatus())));
    // Javalin decodes queries by the charset of Content-Type.
    routes.exception(
        UnsupportedCharsetException.class, (_, ctx) -> respond(ctx, Problem.ofStatus(400)));
    routes.exception(
        IllegalCharsetNameException.class, (_, ctx) -> respond(ctx, Problem.ofStatus(400)));
    routes.exception(Exception.class, Problems::unexpected);
    // For an Error and a request body timeout, which have only a status so far.
    routes.error(500, ctx -> respondUnlessProblem(ctx, 500));
    routes.error(408, ctx -> respondUnlessProblem(ctx, 408));
  }

  private static void respondUnlessProblem(Context ctx, int status) {
    String type = ctx.res().getContentType();
    if (type == null || !type.startsWith(Problem.MEDIA_TYPE)) {
      respond(ctx, Problem.ofStatus(status));
    }
  }

  private static void unauthenticated(UnauthenticatedException e, Context ctx) {
    log.debug("unauthenticated: {}", e.getMessage());
    respond(ctx, Problem.of(ProblemCode.UNAUTHENTICATED));
    ctx.header("WWW-Authenticate", BearerToken.SCHEME);
  }

  private static void unavailable(UnavailableException e, Context ctx) {
    log.error("unavailable: {} (responding 503)", e.reason());
    respond(ctx, Problem.unavailable());
  }

  private static void methodNotAllowed(MethodNotAllowedResponse e, Context ctx) {
    respond(ctx, Problem.of(ProblemCode.METHOD_NOT_ALLOWED));
    ctx.header("Allow", String.join(", ", e.getDetails().values()));
  }

  private static void unexpected(Exception e, Context ctx) {
    if (e instanceof HttpException invalid) {
      // Invalid HTTP in the body, such as a malformed chunk.
      respond(ctx, Problem.ofStatus(invalid.getCode()));
      return;
    }
    log.error("unexpected exception, responding 500", e);
    respond(ctx, Problem.ofStatus(500));
  }

  /** Such as a {@link StackOverflowError}. Javalin's logger is off. */
  public static void error(HttpServletResponse response, Error error) {
    log.error("unexpected error, responding 500", error);
    response.setStatus(500);
  }

  /**
   * Replaces a prepared response. If part of it was already sent, the server aborts the connection
   * instead. Avoids {@code reset()}, which fails for some request headers.
   */
  private static void respond(Context ctx, Problem problem) {
    if (ctx.res().isCommitted()) {
      return;
    }
    ctx.res().resetBuffer();
    CONTENT_HEADERS.forEach(header -> ctx.res().setHeader(header, null));
    if (problem.code() != ProblemCode.RANGE_NOT_SATISFIABLE) { // sets its own Content-Range
      ctx.res().setHeader("Content-Range", null);
    }
    problem.retryAfterSeconds().ifPresent(seconds -> ctx.header("Retry-After", seconds));
    ctx.status(problem.status())
        .header("Cache-Control", "no-store")
        .contentType(Problem.MEDIA_TYPE)
        .result(Json.bytes(problem.json(RequestContext.idOf(ctx))));
  }
}
