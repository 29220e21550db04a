package dev.atelier.http.route;

import dev.atelier.application.sweep.Sweep;
import dev.atelier.http.auth.AuthMode;
import dev.atelier.http.auth.InternalKey;
import dev.atelier.http.metrics.Metrics;
import dev.atelier.http.request.Json;
import dev.atelier.http.request.Routes;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;

/** Sweep and metrics, for the operator. */
public final class InternalRoutes implements Routes {
  /** Cloud Run may allot CPU only during requests, so the request waits for storing. */
  private static final Duration STORE_TIMEOUT = Duration.ofSeconds(20);

  private final Sweep sweep;
  private final Metrics metrics;
  private final InternalKey key;
  private final boolean authDisabled;

  public InternalRoutes(Sweep sweep, Metrics metrics, InternalKey key, AuthMode authMode) {
    this.sweep = sweep;
    this.metrics = metrics;
    this.key = key;
    this.authDisabled = authMode instanceof AuthMode.None;
  }

  @Override
  public void addTo(RoutesConfig routes) {
    routes.post("/internal/sweep", this::sweep);
    Routes.read(routes, "/metrics", this::metrics);
  }

  private void sweep(Context ctx) {
    key.require(ctx);
    Sweep.Result result = sweep.sweep(new Sweep.Command(STORE_TIMEOUT));
    ctx.header("Cache-Control", "no-store");
    Json.respond(
        ctx,
        200,
        Json.object()
            .put("toStore", result.toStore())
            .put("toObserve", result.toObserve())
            .put("toRemove", result.toRemove())
            .put("moved", result.changed()));
  }

  /** Open only if neither a key nor authentication is configured. */
  private void metrics(Context ctx) throws IOException {
    if (key.isSet() || !authDisabled) {
      key.require(ctx);
    }
    var text = new ByteArrayOutputStream();
    metrics.write(text);
    ctx.header("Cache-Control", "no-store");
    ctx.contentType(Metrics.CONTENT_TYPE).result(text.toByteArray());
  }
}
