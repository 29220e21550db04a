package dev.atelier.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.FakeWebhooks;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Output;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.http.Response;
import dev.atelier.http.TestServer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookIT {
  private static final String SIGNATURE = FakeWebhooks.SIGNATURE.orElseThrow();

  @AutoClose private final TestServer studio = TestServer.start();

  @ParameterizedTest
  @ValueSource(
      strings = {"/api/webhooks", "/api/webhooks/skytells", "/api/webhooks/skytells/nonsense"})
  void aWebhookFindsItsGenerationByThePredictionId(String path) {
    GenerationId id = studio.queued();
    byte[] body = studio.webhooks.saying(new Prediction.Processing(studio.prediction(id)));

    Response response = studio.send("POST", path, body, "x-skytells-signature", SIGNATURE);

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.text()).isEqualTo("{\"received\":true}");
    assertThat(status(id)).isEqualTo("processing");
  }

  @Test
  void aWebhookFindsItsGenerationByTheIdInThePath() {
    GenerationId id = studio.queued();

    assertThat(studio.webhook(id, new Prediction.Canceled(studio.prediction(id))).status())
        .isEqualTo(200);
    assertThat(status(id)).isEqualTo("canceled");
  }

  @Test
  void anInvalidOrMissingSignatureIsRejectedAndChangesNothing() {
    GenerationId id = studio.queued();
    byte[] body = studio.webhooks.saying(new Prediction.Canceled(studio.prediction(id)));

    studio.send("POST", "/api/webhooks", body).isProblem(401, "invalid_signature");
    studio
        .send("POST", "/api/webhooks", body, "X-Skytells-Signature", "forged")
        .isProblem(401, "invalid_signature");
    assertThat(status(id)).isEqualTo("queued");
  }

  @Test
  void aSignedMalformedBodyIsRejectedWith400() {
    studio
        .post("/api/webhooks", "not JSON", "X-Skytells-Signature", SIGNATURE)
        .isProblem(400, "invalid_request");
  }

  @Test
  void aRepeatedWebhookIsAcceptedAndDownloadsNothing() {
    GenerationId id = studio.queued();
    Output output = studio.skytells.addOutput(TestServer.png(100));
    var succeeded =
        new Prediction.Succeeded(studio.prediction(id), List.of(output), Optional.empty());

    assertThat(studio.webhook(id, succeeded).status()).isEqualTo(200);
    assertThat(studio.webhook(id, succeeded).status()).isEqualTo(200);

    assertThat(status(id)).isEqualTo("succeeded");
    assertThat(studio.skytells.fetched()).containsExactly(output);
  }

  @Test
  void aWebhookForAnUnknownPredictionIsAccepted() {
    byte[] body = studio.webhooks.saying(new Prediction.Queued(new PredictionId("pred_x")));

    assertThat(
            studio.send("POST", "/api/webhooks", body, "X-Skytells-Signature", SIGNATURE).status())
        .isEqualTo(200);
  }

  @Test
  void aBodyOver64MebibytesIsRejected() {
    String body = "x".repeat(64 << 20);

    studio
        .post("/api/webhooks", body, "X-Skytells-Signature", SIGNATURE)
        .isProblem(400, "invalid_request");
    studio
        .post("/api/webhooks", body + "x", "X-Skytells-Signature", SIGNATURE)
        .isProblem(413, "too_large");
  }

  @Test
  void aWebhookThatCannotBePersistedGets503() {
    GenerationId id = studio.queued();
    var canceled = new Prediction.Canceled(studio.prediction(id));
    studio.generations.breakDown(true);

    Response response = studio.webhook(id, canceled).isProblem(503, "unavailable");

    assertThat(response.header("Retry-After")).contains("5");
  }

  private String status(GenerationId id) {
    return studio.get("/api/predictions/" + id).json().get("status").textValue();
  }
}
