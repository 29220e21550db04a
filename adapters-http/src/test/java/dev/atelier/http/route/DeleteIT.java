package dev.atelier.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.http.Response;
import dev.atelier.http.TestServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeleteIT {
  @AutoClose private final TestServer studio = TestServer.start();

  @Test
  void aDeletedGenerationIsNotFoundByAnyRoute() {
    GenerationId id = studio.succeeded(TestServer.png(100));

    Response response = delete(id.toString(), "");

    assertThat(response.status()).isEqualTo(204);
    assertThat(response.body()).isEmpty();
    studio.get("/api/predictions/" + id).isProblem(404, "not_found");
    studio.get("/api/predictions/" + id + "/output/0").isProblem(404, "not_found");
    assertThat(studio.get("/api/predictions").json().get("items")).isEmpty();
    studio
        .send("POST", "/api/predictions/" + id + "/cancel", new byte[0])
        .isProblem(404, "not_found");
  }

  @Test
  void aSecondDeleteIsNotFound() {
    GenerationId id = studio.queued();
    studio.skytells.breakDown(true);

    assertThat(delete(id.toString(), "").status()).isEqualTo(204);
    delete(id.toString(), "").isProblem(404, "not_found");
  }

  @Test
  void aWebhookForADeletedGenerationIsAccepted() {
    GenerationId id = studio.queued();
    PredictionId prediction = studio.prediction(id);
    delete(id.toString(), "");

    assertThat(studio.webhook(id, new Prediction.Processing(prediction)).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0198c5a1-0000-7000-8000-000000000000", "nonsense"})
  void anUnknownIdIsNotFound(String id) {
    delete(id, "").isProblem(404, "not_found");
  }

  @Test
  void theGenerationOfAnotherUserIsNotFound() {
    GenerationId id = studio.queued();

    delete(id.toString(), "?userId=ada").isProblem(404, "not_found");

    assertThat(studio.get("/api/predictions/" + id).status()).isEqualTo(200);
    assertThat(delete(id.toString(), "?userId=anonymous").status()).isEqualTo(204);
  }

  @Test
  void aDatabaseOutageIsAnswered503() {
    GenerationId id = studio.queued();
    studio.generations.breakDown(true);

    delete(id.toString(), "").isProblem(503, "unavailable");
  }

  private Response delete(String id, String query) {
    return studio.send("DELETE", "/api/predictions/" + id + query, new byte[0]);
  }
}
