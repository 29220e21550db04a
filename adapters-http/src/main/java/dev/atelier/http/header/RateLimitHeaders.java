package dev.atelier.http.header;

import dev.atelier.http.auth.CallerResolver;
import dev.atelier.http.problem.Problem;
import dev.atelier.http.problem.ProblemCode;
import dev.atelier.http.problem.ProblemException;
import dev.atelier.http.request.Routes;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.router.Endpoint;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Enforces and reports the rate limit (draft-ietf-httpapi-ratelimit-headers). Does not count
 * webhooks, nor outputs, because a page shows dozens at once.
 */
public final class RateLimitHeaders implements Routes {
  private static final String POLICY = "RateLimit-Policy";
  private static final String REMAINING = "RateLimit";
  private static final String REQUESTS = "\"requests\"";
  private static final String ACTIVE = "\"active\"";

  private final CallerResolver callerResolver;
  private final Optional<RateLimiter> rate;
  private final int activeLimit;

  public RateLimitHeaders(
      CallerResolver callerResolver, OptionalInt requestsPerMinute, int activeLimit, Clock clock) {
    this.callerResolver = callerResolver;
    this.rate =
        requestsPerMinute.isPresent()
            ? Optional.of(new RateLimiter(requestsPerMinute.getAsInt(), clock))
            : Optional.empty();
    this.activeLimit = activeLimit;
  }

  @Override
  public void addTo(RoutesConfig routes) {
    routes.beforeMatched("/api/*", this::count);
    routes.beforeMatched("/api/generate", this::addActiveLimit);
  }

  private void count(Context ctx) {
    Endpoint route = ctx.endpoints().matchedHttpEndpoint();
    Optional<String> caller = callerResolver.rateLimitKey(ctx);
    if (rate.isEmpty() || caller.isEmpty() || (route != null && route.path.contains("/output/"))) {
      return;
    }
    add(
        ctx,
        POLICY,
        REQUESTS + ";q=" + rate.get().perMinute() + ";w=" + seconds(RateLimiter.WINDOW));
    RateLimiter.Allowance allowance = rate.get().count(caller.get());
    add(
        ctx,
        REMAINING,
        REQUESTS + ";r=" + allowance.remaining() + ";t=" + seconds(allowance.untilFull()));
    if (!allowance.allowed()) {
      throw new ProblemException(
          Problem.of(ProblemCode.RATE_LIMITED).retryAfter(allowance.untilNext()));
    }
  }

  private void addActiveLimit(Context ctx) {
    if (ctx.req().getMethod().equals("POST")) {
      add(ctx, POLICY, ACTIVE + ";q=" + activeLimit);
    }
  }

  public static void activeLimitReached(Context ctx, Duration retryAfter) {
    add(ctx, REMAINING, ACTIVE + ";r=0;t=" + seconds(retryAfter));
  }

  private static void add(Context ctx, String header, String item) {
    String existing = ctx.res().getHeader(header);
    ctx.header(header, existing == null ? item : existing + ", " + item);
  }

  private static long seconds(Duration duration) {
    return duration.plusNanos(999_999_999).toSeconds();
  }
}
