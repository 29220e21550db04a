package dev.atelier.http.header;

import dev.atelier.http.problem.ProblemCode;
import dev.atelier.http.problem.ProblemException;
import dev.atelier.http.request.Routes;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.router.Endpoint;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Rejects requests whose {@code Accept} header excludes JSON, before any paid work. A malformed
 * media range counts as acceptance.
 */
public final class ContentNegotiation implements Routes {
  private static final Set<String> JSON =
      Set.of("*/*", "application/*", "application/json", "application/problem+json");
  private static final Pattern RANGE = Pattern.compile("[a-z0-9!#$&^_.+*-]+/[a-z0-9!#$&^_.+*-]+");
  private static final Pattern NEVER = Pattern.compile(".*;\\s*q\\s*=\\s*0(\\.0*)?\\s*");

  private static final Pattern NOT_JSON = Pattern.compile("/api/webhooks.*|.*/output/.*|.*/events");

  @Override
  public void addTo(RoutesConfig routes) {
    routes.beforeMatched("/api/*", ContentNegotiation::requireJson);
  }

  private static void requireJson(Context ctx) {
    Endpoint route = ctx.endpoints().matchedHttpEndpoint();
    boolean json = route != null && !NOT_JSON.matcher(route.path).matches();
    if (json && !acceptsJson(Collections.list(ctx.req().getHeaders("Accept")))) {
      throw new ProblemException(ProblemCode.NOT_ACCEPTABLE);
    }
  }

  static boolean acceptsJson(List<String> accept) {
    List<String> ranges =
        accept.stream()
            .flatMap(header -> Stream.of(header.split(",")))
            .map(range -> range.strip().toLowerCase(Locale.ROOT))
            .filter(range -> !range.isEmpty())
            .toList();
    return ranges.isEmpty()
        || ranges.stream()
            .anyMatch(
                range ->
                    !RANGE.matcher(type(range)).matches()
                        || (JSON.contains(type(range)) && !NEVER.matcher(range).matches()));
  }

  private static String type(String range) {
    int parameters = range.indexOf(';');
    return (parameters < 0 ? range : range.substring(0, parameters)).strip();
  }
}
