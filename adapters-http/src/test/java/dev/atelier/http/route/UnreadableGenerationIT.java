package dev.atelier.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atelier.application.port.FakeWebhooks;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.State;
import dev.atelier.http.Response;
import dev.atelier.http.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnreadableGenerationIT {
  @AutoClose private final TestServer server = TestServer.start();
  private GenerationId unreadable;

  UnreadableGenerationIT() {
    unreadable = server.succeeded(TestServer.png(100));
  }

  @BeforeEach
  void makeUnreadable() {
    server.generations.makeUnreadable(unreadable);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/predictions/{id}",
    "GET, /api/generate/{id}",
    "GET, /api/predictions/{id}?wait=1",
    "GET, /api/predictions/{id}/events",
    "GET, /api/predictions/{id}/output/0",
    "POST, /api/predictions/{id}/cancel",
    "DELETE, /api/predictions/{id}"
  })
  void everyRouteReportsUnreadableGeneration(String method, String path) {
    Response response =
        server.send(method, path.replace("{id}", unreadable.toString()), new byte[0]);

    response.isProblem(500, "unreadable_generation");
    assertThat(response.json().get("retryable").booleanValue()).isFalse();
  }

  @Test
  void toAnotherUserItIsNotFound() {
    server.get("/api/predictions/" + unreadable + "?userId=grace").isProblem(404, "not_found");
    server
        .get("/api/predictions/" + unreadable + "?userId=anonymous")
        .isProblem(500, "unreadable_generation");
  }

  @Test
  void listsOmitItAndContinue() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      server.clock.advance(Duration.ofMillis(1));
      GenerationId id = server.queued();
      if (i % 2 == 0) {
        server.generations.makeUnreadable(id);
      } else {
        ids.addFirst(id.toString());
      }
    }

    List<String> listed = new ArrayList<>();
    String path = "/api/predictions?limit=2";
    JsonNode cursor;
    do {
      JsonNode page = server.get(path).json();
      page.get("items").forEach(item -> listed.add(item.get("id").textValue()));
      cursor = page.get("nextCursor");
      path = "/api/predictions?limit=2&cursor=" + cursor.textValue();
    } while (!cursor.isNull());

    assertThat(listed).isEqualTo(ids);
  }

  @Test
  void aWebhookForItGets503() {
    GenerationId id = server.queued();
    var canceled = new Prediction.Canceled(server.prediction(id));
    server.generations.makeUnreadable(id);

    Response byPath = server.webhook(id, canceled);
    Response byPrediction =
        server.send(
            "POST",
            "/api/webhooks",
            server.webhooks.saying(canceled),
            "X-Skytells-Signature",
            FakeWebhooks.SIGNATURE.orElseThrow());

    byPath.isProblem(503, "unavailable");
    byPrediction.isProblem(503, "unavailable");
    assertThat(byPath.header("Retry-After")).contains("5");
    server.generations.makeReadable(id);
    assertThat(server.webhook(id, canceled).status()).isEqualTo(200);
    assertThat(server.generations.find(id).orElseThrow().state())
        .isInstanceOf(State.Canceled.class);
  }

  @Test
  void aRepeatedRequestForItSubmitsNothing() {
    Response first = server.generate(TestServer.BODY, "Idempotency-Key", "\"key-1\"");
    GenerationId id = GenerationId.parse(first.json().get("id").textValue()).orElseThrow();
    server.generations.makeUnreadable(id);
    int sold = server.skytells.sold().size();

    server
        .generate(TestServer.BODY, "Idempotency-Key", "\"key-1\"")
        .isProblem(500, "unreadable_generation");
    assertThat(server.skytells.sold()).hasSize(sold);
  }
}
