package dev.atelier.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.domain.GenerationId;
import dev.atelier.http.Response;
import dev.atelier.http.TestServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CancelIT {
  @AutoClose private final TestServer studio = TestServer.start();

  @Test
  void aCanceledGenerationIsAnswered200() {
    GenerationId id = studio.queued();

    Response response = cancel(id, "");

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.json().get("status").textValue()).isEqualTo("canceled");
    assertThat(response.json()).isEqualTo(studio.get("/api/predictions/" + id).json());
    assertThat(response.header("Cache-Control")).contains("no-store");
    assertThat(response.header("Retry-After")).isEmpty();
  }

  @Test
  void anEndedGenerationIsAnswered200Unchanged() {
    GenerationId id = studio.succeeded(TestServer.png(100));

    Response response = cancel(id, "");

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.json().get("status").textValue()).isEqualTo("succeeded");
    assertThat(response.json().get("output")).hasSize(1);
  }

  @Test
  void aCancelThatSkytellsHasNotConfirmedIsAnswered202() {
    GenerationId id = studio.queued();
    studio.skytells.breakDown(true);

    Response response = cancel(id, "");

    assertThat(response.status()).isEqualTo(202);
    assertThat(response.json().get("status").textValue()).isEqualTo("processing");
    assertThat(response.header("Retry-After")).contains("5");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0198c5a1-0000-7000-8000-000000000000", "nonsense"})
  void anUnknownIdIsNotFound(String id) {
    studio
        .send("POST", "/api/predictions/" + id + "/cancel", new byte[0])
        .isProblem(404, "not_found");
  }

  @Test
  void theGenerationOfAnotherUserIsNotFound() {
    GenerationId id = studio.queued();

    cancel(id, "?userId=ada").isProblem(404, "not_found");

    assertThat(studio.get("/api/predictions/" + id).json().get("status").textValue())
        .isEqualTo("queued");
    assertThat(cancel(id, "?userId=anonymous").status()).isEqualTo(200);
  }

  @Test
  void aDatabaseOutageIsAnswered503() {
    GenerationId id = studio.queued();
    studio.generations.breakDown(true);

    cancel(id, "").isProblem(503, "unavailable");
  }

  private Response cancel(GenerationId id, String query) {
    return studio.send("POST", "/api/predictions/" + id + "/cancel" + query, new byte[0]);
  }
}
