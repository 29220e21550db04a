package dev.atelier.http.route;

import dev.atelier.application.webhook.HandleWebhook;
import dev.atelier.domain.GenerationId;
import dev.atelier.http.problem.Problem;
import dev.atelier.http.problem.ProblemCode;
import dev.atelier.http.problem.ProblemException;
import dev.atelier.http.request.Json;
import dev.atelier.http.request.Routes;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * Receives webhooks of Skytells. Atelier registers the URL with the generation id; the example
 * projects that it replaces used the other two.
 */
public final class WebhookRoutes implements Routes {
  /** A prediction may contain megabytes of logs, which are skipped. */
  private static final int MAX_BODY_BYTES = 64 * 1024 * 1024;

  private final HandleWebhook handleWebhook;

  public WebhookRoutes(HandleWebhook handleWebhook) {
    this.handleWebhook = handleWebhook;
  }

  @Override
  public void addTo(RoutesConfig routes) {
    routes.post("/api/webhooks", ctx -> receive(ctx, Optional.empty()));
    routes.post("/api/webhooks/skytells", ctx -> receive(ctx, Optional.empty()));
    routes.post(
        "/api/webhooks/skytells/{generationId}",
        ctx -> receive(ctx, GenerationId.parse(ctx.pathParam("generationId"))));
  }

  private void receive(Context ctx, Optional<GenerationId> generation) throws IOException {
    Optional<String> signature = Optional.ofNullable(ctx.header("X-Skytells-Signature"));
    switch (handle(
        new HandleWebhook.Command(
            generation, RequestBody.stream(ctx, MAX_BODY_BYTES), signature))) {
      case RECEIVED -> Json.respond(ctx, 200, Json.object().put("received", true));
      case BAD_SIGNATURE -> throw new ProblemException(ProblemCode.INVALID_SIGNATURE);
      case UNREADABLE ->
          throw new ProblemException(
              Problem.of(
                  ProblemCode.INVALID_REQUEST,
                  "The signature is valid, but the body is not a prediction."));
      case NOT_RECORDED -> throw new ProblemException(Problem.unavailable());
    }
  }

  private HandleWebhook.Result handle(HandleWebhook.Command command) throws IOException {
    try {
      return handleWebhook.handle(command);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
