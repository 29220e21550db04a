package dev.atelier.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.State;
import dev.atelier.http.Response;
import dev.atelier.http.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusIT {
  private static final String UNKNOWN = "0198c0de-0000-7000-8000-00000000abcd";

  @AutoClose private final TestServer studio = TestServer.start();

  @ParameterizedTest
  @ValueSource(strings = {"/api/predictions/", "/api/generate/"})
  void anActiveGenerationHasRetryAfterAndIsNotCached(String path) {
    GenerationId id = studio.queued();

    Response response = studio.get(path + id);

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.json().get("id").textValue()).isEqualTo(id.toString());
    assertThat(response.header("Retry-After")).contains("2");
    assertThat(response.header("Cache-Control")).contains("private, no-cache");
    assertThat(response.header("Vary")).contains("Authorization");
    assertThat(response.header("ETag").orElseThrow()).matches("\"[0-9a-f]{24}\"");
  }

  @Test
  void anEndedGenerationIsCacheableForAMinute() {
    GenerationId id = studio.succeeded(TestServer.png(100));

    Response response = studio.get("/api/predictions/" + id);

    assertThat(response.json().get("status").textValue()).isEqualTo("succeeded");
    assertThat(response.json().get("outputUrl").textValue())
        .isEqualTo(TestServer.APP_URL + "/api/predictions/" + id + "/output/0");
    assertThat(response.header("Retry-After")).isEmpty();
    assertThat(response.header("Cache-Control")).contains("private, max-age=60");
  }

  @Test
  void aMatchingETagIsAnswered304() {
    GenerationId id = studio.queued();
    String path = "/api/predictions/" + id;
    Response full = studio.get(path);
    String tag = full.header("ETag").orElseThrow();

    Response same =
        studio.raw(
            "GET "
                + path
                + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nIf-None-Match: "
                + tag
                + "\r\n\r\n");
    assertThat(same.status()).isEqualTo(304);
    assertThat(same.header("ETag")).contains(tag);
    assertThat(same.header("Content-Type")).isEqualTo(full.header("Content-Type"));
    assertThat(same.header("Content-Length")).isEqualTo(full.header("Content-Length"));
    assertThat(same.body()).isEmpty();

    studio.webhook(id, new Prediction.Processing(studio.prediction(id)));
    Response changed = studio.get(path, "If-None-Match", tag);
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.json().get("status").textValue()).isEqualTo("processing");
  }

  @Test
  void theETagChangesExactlyWhenTheJsonDoes() {
    GenerationId id = studio.queued();
    List<Response> responses = new ArrayList<>();
    responses.add(studio.get("/api/predictions/" + id));
    studio.webhook(id, new Prediction.Processing(studio.prediction(id)));
    responses.add(studio.get("/api/predictions/" + id));
    // Clients do not see the state Storing, but the reported cost.
    studio.blobs.breakDown(true);
    studio.spool.breakDown(true);
    studio.webhook(
        id,
        new Prediction.Succeeded(
            studio.prediction(id),
            List.of(studio.skytells.addOutput(TestServer.png(100))),
            Optional.empty()));
    assertThat(studio.generations.find(id).orElseThrow().state()).isInstanceOf(State.Storing.class);
    responses.add(studio.get("/api/predictions/" + id));
    studio.webhook(id, new Prediction.Canceled(studio.prediction(id)));
    responses.add(studio.get("/api/predictions/" + id));

    for (Response first : responses) {
      for (Response second : responses) {
        assertThat(first.header("ETag").equals(second.header("ETag")))
            .isEqualTo(first.json().equals(second.json()));
      }
    }
    assertThat(responses.stream().map(response -> response.header("ETag")).distinct()).hasSize(3);
  }

  @Test
  void headReturnsTheHeadersWithoutTheBody() {
    GenerationId id = studio.queued();

    Response response = studio.send("HEAD", "/api/predictions/" + id, new byte[0]);

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.header("ETag"))
        .isEqualTo(studio.get("/api/predictions/" + id).header("ETag"));
    assertThat(response.body()).isEmpty();
    assertThat(studio.send("HEAD", "/api/predictions/" + UNKNOWN, new byte[0]).status())
        .isEqualTo(404);
  }

  @Test
  void aLongPollReturnsWhenTheGenerationEnds() {
    GenerationId id = studio.queued();
    CompletableFuture<Response> waiting =
        studio.sendAsync("GET", "/api/predictions/" + id + "?wait=60", new byte[0]);

    studio.webhook(id, new Prediction.Canceled(studio.prediction(id)));

    assertThat(waiting.join().json().get("status").textValue()).isEqualTo("canceled");
  }

  @Test
  void aLongPollForAnEndedGenerationReturnsAtOnce() {
    GenerationId id = studio.succeeded(TestServer.png(100));

    Response response = studio.get("/api/predictions/" + id + "?wait=60");

    assertThat(response.json().get("status").textValue()).isEqualTo("succeeded");
    assertThat(response.header("Cache-Control")).contains("private, max-age=60");
  }

  @Test
  void aLongPollThatTimesOutReturnsTheCurrentState() {
    Response response = studio.get("/api/predictions/" + studio.queued() + "?wait=1");

    assertThat(response.json().get("status").textValue()).isEqualTo("queued");
  }

  @ParameterizedTest
  @ValueSource(strings = {"61", "-1", "1.5", "soon", "", "99999999999", "1&wait=2", "%zz"})
  void anInvalidWaitIsRejected(String wait) {
    Response response =
        studio.raw(
            "GET /api/predictions/"
                + UNKNOWN
                + "?wait="
                + wait
                + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

    assertThat(response.isProblem(400, "invalid_request").fields()).containsExactly("wait");
  }

  @Test
  void unknownAndMalformedIdsGetTheSameResponse() {
    Response unknown = studio.get("/api/predictions/" + UNKNOWN, "X-Request-Id", "same");
    Response unreadable = studio.get("/api/predictions/nonsense", "X-Request-Id", "same");

    assertThat(unknown.isProblem(404, "not_found").json())
        .isEqualTo(unreadable.isProblem(404, "not_found").json());
  }

  @Test
  void aTrustedCallerWithAUserIdSeesOnlyTheGenerationsOfThatUser() {
    String generation =
        "/api/predictions/"
            + studio
                .generate("{\"prompt\":\"a lighthouse\",\"userId\":\"ada\"}")
                .json()
                .get("id")
                .textValue();

    assertThat(studio.get(generation).status()).isEqualTo(200);
    assertThat(studio.get(generation + "?userId=ada").status()).isEqualTo(200);
    Response foreign = studio.get(generation + "?userId=bob", "X-Request-Id", "same");
    Response unknown =
        studio.get("/api/predictions/" + UNKNOWN + "?userId=bob", "X-Request-Id", "same");
    assertThat(foreign.isProblem(404, "not_found").json()).isEqualTo(unknown.json());
  }

  @ParameterizedTest
  @ValueSource(strings = {"userId=", "userId=a&userId=b", "userId=%00"})
  void anInvalidUserIdIsRejected(String query) {
    Response response = studio.get("/api/predictions/" + UNKNOWN + "?" + query);

    assertThat(response.isProblem(400, "invalid_request").fields()).containsExactly("userId");
  }

  @Test
  void aDatabaseOutageIsAnswered503() {
    GenerationId id = studio.queued();
    studio.generations.breakDown(true);

    studio.get("/api/predictions/" + id).isProblem(503, "unavailable");
  }
}
