package dev.atelier.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.atelier.application.Sweep;
import dev.atelier.application.port.Secret;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;

/** What the operator's own scheduler and monitoring call, with a key of their own. */
final class InternalRoutes implements Routes {
  /** Where the processor is only promised while a request is open, this is worth waiting for. */
  private static final Duration STORE_AT_MOST = Duration.ofSeconds(20);

  private final Sweep sweep;
  private final Metrics metrics;
  private final Optional<Secret> key;
  private final boolean everybodyIsTrusted;

  InternalRoutes(Sweep sweep, Metrics metrics, Optional<Secret> key, Auth auth) {
    this.sweep = sweep;
    this.metrics = metrics;
    this.key = key;
    this.everybodyIsTrusted = auth instanceof Auth.None;
  }

  @Override
  public void addTo(RoutesConfig routes) {
    routes.post("/internal/sweep", this::sweep);
    Routes.read(routes, "/metrics", this::metrics);
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
            .put("toRemove", result.toRemove())
            .put("moved", result.moved()));
  }

  /** Open where no key is set and everybody is trusted, as on a laptop. */
  private void metrics(Context ctx) throws IOException {
    if (key.isPresent() || !everybodyIsTrusted) {
      requireKey(ctx);
    }
    var text = new ByteArrayOutputStream();
    metrics.write(text);
    ctx.header("Cache-Control", "no-store");
    ctx.contentType(Metrics.CONTENT_TYPE).result(text.toByteArray());
  }

  private void requireKey(Context ctx) {
    String given = Bearer.token(ctx);
    if (key.filter(wanted -> same(wanted, given)).isEmpty()) {
      throw new UnauthenticatedException("another key than INTERNAL_KEY");
    }
  }

  /** In a time that tells nothing about how much of it is right. */
  private static boolean same(Secret wanted, String given) {
    return MessageDigest.isEqual(wanted.value().getBytes(UTF_8), given.getBytes(UTF_8));
  }
}
