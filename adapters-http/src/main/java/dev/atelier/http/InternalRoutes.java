package dev.atelier.http;

import dev.atelier.application.Sweep;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;

/** What the operator's own scheduler and monitoring call, with a key of their own. */
final class InternalRoutes implements Routes {
  /** Where the processor is only promised while a request is open, this is worth waiting for. */
  private static final Duration STORE_AT_MOST = Duration.ofSeconds(20);

  private final Sweep sweep;
  private final Metrics metrics;
  private final InternalKey key;
  private final boolean everybodyIsTrusted;

  InternalRoutes(Sweep sweep, Metrics metrics, InternalKey key, Auth auth) {
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
    key.require(ctx);
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
    if (key.isSet() || !everybodyIsTrusted) {
      key.require(ctx);
    }
    var text = new ByteArrayOutputStream();
    metrics.write(text);
    ctx.header("Cache-Control", "no-store");
    ctx.contentType(Metrics.CONTENT_TYPE).result(text.toByteArray());
  }
}
