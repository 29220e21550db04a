package dev.atelier.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.atelier.application.Sweep;
import dev.atelier.application.port.Secret;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;

/** What the operator's own scheduler calls, with a key of its own. */
final class InternalRoutes implements Routes {
  private static final String SCHEME = "Bearer ";

  /** Where the processor is only promised while a request is open, this is worth waiting for. */
  private static final Duration STORE_AT_MOST = Duration.ofSeconds(20);

  private final Sweep sweep;
  private final Optional<Secret> key;

  InternalRoutes(Sweep sweep, Optional<Secret> key) {
    this.sweep = sweep;
    this.key = key;
  }

  @Override
  public void addTo(RoutesConfig routes) {
    routes.post("/internal/sweep", this::sweep);
  }

  private void sweep(Context ctx) {
    requireKey(ctx);
    Sweep.Result result = sweep.sweep(new Sweep.Command(STORE_AT_MOST));
    ctx.header("Cache-Control", "no-store");
    Json.answer(
        ctx,
        200,
        Json.object()
            .put("toStore", result.toStore())
            .put("toObserve", result.toObserve())
            .put("moved", result.moved()));
  }

  private void requireKey(Context ctx) {
    String given = Optional.ofNullable(ctx.header("Authorization")).orElse("");
    boolean known =
        given.startsWith(SCHEME)
            && key.filter(wanted -> same(wanted, given.substring(SCHEME.length()))).isPresent();
    if (!known) {
      ctx.header("WWW-Authenticate", SCHEME.strip());
      throw new ProblemException(Problem.of(ProblemCode.UNAUTHENTICATED));
    }
  }

  /** In a time that tells nothing about how much of it is right. */
  private static boolean same(Secret wanted, String given) {
    return MessageDigest.isEqual(wanted.value().getBytes(UTF_8), given.getBytes(UTF_8));
  }
}
