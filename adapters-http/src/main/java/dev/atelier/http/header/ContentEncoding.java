package dev.atelier.http.header;

import dev.atelier.http.problem.ProblemCode;
import dev.atelier.http.problem.ProblemException;
import dev.atelier.http.request.Routes;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.Collections;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses compressed request bodies with 415 (RFC 7694), as a protection from decompression bombs.
 * This includes webhooks, because Skytells does not document whether a signature covers the
 * compressed bytes.
 */
public final class ContentEncoding implements Routes {
  private static final Logger log = LoggerFactory.getLogger(ContentEncoding.class);

  @Override
  public void addTo(RoutesConfig routes) {
    routes.beforeMatched(ContentEncoding::requireIdentity);
  }

  private static void requireIdentity(Context ctx) {
    if (!HandlerType.POST.equals(ctx.method()) || isIdentity(ctx)) {
      return;
    }
    if (ctx.path().startsWith("/api/webhooks")) {
      log.warn("webhook rejected: compressed body, the sweep will find the prediction");
    }
    ctx.header("Accept-Encoding", "identity");
    throw new ProblemException(ProblemCode.UNSUPPORTED_CONTENT_ENCODING);
  }

  private static boolean isIdentity(Context ctx) {
    return Collections.list(ctx.req().getHeaders("Content-Encoding")).stream()
        .flatMap(header -> Stream.of(header.split(",", -1)))
        .map(String::strip)
        .allMatch(coding -> coding.isEmpty() || coding.equalsIgnoreCase("identity"));
  }
}
