package dev.atelier.http;

import dev.atelier.application.HandleWebhook;
import dev.atelier.domain.GenerationId;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Optional;

/**
 * Where Skytells reports to. The address with a generation's id is the one it is given; the other
 * two are the seeds'.
 */
final class WebhookRoutes implements Routes {
  private static final int MAX_BODY_BYTES = 1024 * 1024;

  private final HandleWebhook handleWebhook;

  WebhookRoutes(HandleWebhook handleWebhook) {
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
    byte[] body = RequestBody.read(ctx, MAX_BODY_BYTES);
    Optional<String> signature = Optional.ofNullable(ctx.header("X-Skytells-Signature"));
    switch (handleWebhook.handle(new HandleWebhook.Command(generation, body, signature))) {
      case RECEIVED -> Json.answer(ctx, 200, Json.object().put("received", true));
      case BAD_SIGNATURE -> throw new ProblemException(Problem.of(ProblemCode.INVALID_SIGNATURE));
      case UNREADABLE ->
          throw new ProblemException(
              Problem.of(
                  ProblemCode.INVALID_REQUEST, "The body is signed, but it is not a prediction."));
      case NOT_RECORDED -> throw new ProblemException(Problem.unavailable());
    }
  }
}
