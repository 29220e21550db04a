package dev.atelier.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.router.Endpoint;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Tells callers of their limits, by the headers of draft-ietf-httpapi-ratelimit-headers, and holds
 * them to the rate of their requests. Webhooks and outputs do not count: the former are not a
 * caller's, and of the latter a page shows dozens at once.
 */
final class Limits implements Routes {
  private static final String POLICY = "RateLimit-Policy";
  private static final String LEFT = "RateLimit";
  private static final String REQUESTS = "\"requests\"";
  private static final String ACTIVE = "\"active\"";

  private final Callers callers;
  private final Optional<RequestRate> rate;
  private final int activeLimit;

  Limits(Callers callers, OptionalInt requestsPerMinute, int activeLimit, Clock clock) {
    this.callers = callers;
    this.rate =
        requestsPerMinute.isPresent()
            ? Optional.of(new RequestRate(requestsPerMinute.getAsInt(), clock))
            : Optional.empty();
    this.activeLimit = activeLimit;
  }

  @Override
  public void addTo(RoutesConfig routes) {
    routes.beforeMatched("/api/*", this::count);
    routes.beforeMatched("/api/generate", this::tellActiveLimit);
  }

  private void count(Context ctx) {
    Endpoint route = ctx.endpoints().matchedHttpEndpoint();
    Optional<String> caller = callers.name(ctx);
    if (rate.isEmpty() || caller.isEmpty() || (route != null && route.path.contains("/output/"))) {
      return;
    }
    add(
        ctx,
        POLICY,
        REQUESTS + ";q=" + rate.get().perMinute() + ";w=" + seconds(RequestRate.WINDOW));
    RequestRate.Allowance left = rate.get().count(caller.get());
    add(ctx, LEFT, REQUESTS + ";r=" + left.remaining() + ";t=" + seconds(left.full()));
    if (!left.allowed()) {
      throw new ProblemException(Problem.of(ProblemCode.RATE_LIMITED).retryAfter(left.next()));
    }
  }

  private void tellActiveLimit(Context ctx) {
    if (ctx.req().getMethod().equals("POST")) {
      add(ctx, POLICY, ACTIVE + ";q=" + activeLimit);
    }
  }

  /** Tells that no more generations may be active for now. */
  static void activeLimitReached(Context ctx, Duration askAgain) {
    add(ctx, LEFT, ACTIVE + ";r=0;t=" + seconds(askAgain));
  }

  private static void add(Context ctx, String header, String item) {
    String before = ctx.res().getHeader(header);
    ctx.header(header, before == null ? item : before + ", " + item);
  }

  private static long seconds(Duration duration) {
    return duration.plusNanos(999_999_999).toSeconds();
  }
}
