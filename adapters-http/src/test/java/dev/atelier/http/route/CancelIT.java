package dev.atelier.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.domain.GenerationId;
import dev.atelier.http.Answer;
import dev.atelier.http.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CancelIT {
  private TestServer studio;

  @BeforeEach
  void start() {
    studio = TestServer.start();
  }

  @AfterEach
  void close() {
    studio.close();
  }

  @Test
  void whatWasCalledOffIsAnswered200() {
    GenerationId id = studio.queued();

    Answer answer = cancel(id, "");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().get("status").textValue()).isEqualTo("canceled");
    assertThat(answer.json()).isEqualTo(studio.get("/api/predictions/" + id).json());
    assertThat(answer.header("Cache-Control")).contains("no-store");
    assertThat(answer.header("Retry-After")).isEmpty();
  }

  @Test
  void whatHasEndedIsAnswered200AsItIs() {
    GenerationId id = studio.succeeded(TestServer.png(100));

    Answer answer = cancel(id, "");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().get("status").textValue()).isEqualTo("succeeded");
    assertThat(answer.json().get("output")).hasSize(1);
  }

  @Test
  void whatSkytellsHasNotEndedYetIsAnswered202() {
    GenerationId id = studio.queued();
    studio.skytells.breakDown(true);

    Answer answer = cancel(id, "");

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.json().get("status").textValue()).isEqualTo("processing");
    assertThat(answer.header("Retry-After")).contains("5");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0198c5a1-0000-7000-8000-000000000000", "nonsense"})
  void whatIsNotThereIsNotFound(String id) {
    studio
        .send("POST", "/api/predictions/" + id + "/cancel", new byte[0])
        .isProblem(404, "not_found");
  }

  @Test
  void somebodyElsesIsNotFound() {
    GenerationId id = studio.queued();

    cancel(id, "?userId=ada").isProblem(404, "not_found");

    assertThat(studio.get("/api/predictions/" + id).json().get("status").textValue())
        .isEqualTo("queued");
    assertThat(cancel(id, "?userId=anonymous").status()).isEqualTo(200);
  }

  @Test
  void aBrokenDatabaseIsUnavailable() {
    GenerationId id = studio.queued();
    studio.generations.breakDown(true);

    cancel(id, "").isProblem(503, "unavailable");
  }

  private Answer cancel(GenerationId id, String query) {
    return studio.send("POST", "/api/predictions/" + id + "/cancel" + query, new byte[0]);
  }
}
