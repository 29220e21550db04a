package dev.atelier.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.State;
import dev.atelier.http.Answer;
import dev.atelier.http.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusIT {
  private static final String UNKNOWN = "0198c0de-0000-7000-8000-00000000abcd";

  private TestServer studio;

  @BeforeEach
  void start() {
    studio = TestServer.start();
  }

  @AfterEach
  void close() {
    studio.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/predictions/", "/api/generate/"})
  void anActiveGenerationIsShownAndAskedForAgain(String path) {
    GenerationId id = studio.queued();

    Answer answer = studio.get(path + id);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().get("id").textValue()).isEqualTo(id.toString());
    assertThat(answer.header("Retry-After")).contains("2");
    assertThat(answer.header("Cache-Control")).contains("private, no-cache");
    assertThat(answer.header("Vary")).contains("Authorization");
    assertThat(answer.header("ETag").orElseThrow()).matches("\"[0-9a-f]{24}\"");
  }

  @Test
  void anEndedGenerationMayBeKeptForAWhile() {
    GenerationId id = studio.succeeded(TestServer.png(100));

    Answer answer = studio.get("/api/predictions/" + id);

    assertThat(answer.json().get("status").textValue()).isEqualTo("succeeded");
    assertThat(answer.json().get("outputUrl").textValue())
        .isEqualTo(TestServer.APP_URL + "/api/predictions/" + id + "/output/0");
    assertThat(answer.header("Retry-After")).isEmpty();
    assertThat(answer.header("Cache-Control")).contains("private, max-age=60");
  }

  @Test
  void whatTheClientHasAlreadyIsNotSentAgain() {
    GenerationId id = studio.queued();
    String path = "/api/predictions/" + id;
    Answer whole = studio.get(path);
    String tag = whole.header("ETag").orElseThrow();

    Answer same =
        studio.raw(
            "GET "
                + path
                + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nIf-None-Match: "
                + tag
                + "\r\n\r\n");
    assertThat(same.status()).isEqualTo(304);
    assertThat(same.header("ETag")).contains(tag);
    assertThat(same.header("Content-Type")).isEqualTo(whole.header("Content-Type"));
    assertThat(same.header("Content-Length")).isEqualTo(whole.header("Content-Length"));
    assertThat(same.body()).isEmpty();

    studio.webhook(id, new Prediction.Processing(studio.prediction(id)));
    Answer changed = studio.get(path, "If-None-Match", tag);
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.json().get("status").textValue()).isEqualTo("processing");
  }

  @Test
  void theVersionChangesExactlyWhenTheJsonDoes() {
    GenerationId id = studio.queued();
    List<Answer> answers = new ArrayList<>();
    answers.add(studio.get("/api/predictions/" + id));
    studio.webhook(id, new Prediction.Processing(studio.prediction(id)));
    answers.add(studio.get("/api/predictions/" + id));
    // The answer to a webhook waits for the outputs; that they are being stored is nobody's
    // business.
    studio.blobs.breakDown(true);
    studio.spool.breakDown(true);
    studio.webhook(
        id,
        new Prediction.Succeeded(
            studio.prediction(id),
            List.of(studio.skytells.leave(TestServer.png(100))),
            Optional.empty()));
    assertThat(studio.generations.find(id).orElseThrow().state()).isInstanceOf(State.Storing.class);
    answers.add(studio.get("/api/predictions/" + id));
    studio.webhook(id, new Prediction.Canceled(studio.prediction(id)));
    answers.add(studio.get("/api/predictions/" + id));

    for (Answer one : answers) {
      for (Answer other : answers) {
        assertThat(one.header("ETag").equals(other.header("ETag")))
            .isEqualTo(one.json().equals(other.json()));
      }
    }
    assertThat(answers.stream().map(answer -> answer.header("ETag")).distinct()).hasSize(2);
  }

  @Test
  void headersAreToBeHadWithoutTheBody() {
    GenerationId id = studio.queued();

    Answer answer = studio.send("HEAD", "/api/predictions/" + id, new byte[0]);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("ETag"))
        .isEqualTo(studio.get("/api/predictions/" + id).header("ETag"));
    assertThat(answer.body()).isEmpty();
    assertThat(studio.send("HEAD", "/api/predictions/" + UNKNOWN, new byte[0]).status())
        .isEqualTo(404);
  }

  @Test
  void whoWaitsIsAnsweredAtTheEnd() {
    GenerationId id = studio.queued();
    CompletableFuture<Answer> waiting =
        studio.sendAsync("GET", "/api/predictions/" + id + "?wait=60", new byte[0]);

    studio.webhook(id, new Prediction.Canceled(studio.prediction(id)));

    assertThat(waiting.join().json().get("status").textValue()).isEqualTo("canceled");
  }

  @Test
  void whatEndedAlreadyIsNotWaitedFor() {
    GenerationId id = studio.succeeded(TestServer.png(100));

    Answer answer = studio.get("/api/predictions/" + id + "?wait=60");

    assertThat(answer.json().get("status").textValue()).isEqualTo("succeeded");
    assertThat(answer.header("Cache-Control")).contains("private, max-age=60");
  }

  @Test
  void aWaitThatRunsOutShowsHowItStands() {
    Answer answer = studio.get("/api/predictions/" + studio.queued() + "?wait=1");

    assertThat(answer.json().get("status").textValue()).isEqualTo("queued");
  }

  @ParameterizedTest
  @ValueSource(strings = {"61", "-1", "1.5", "soon", "", "99999999999", "1&wait=2", "%zz"})
  void aWaitOutOfBoundsIsRefused(String wait) {
    Answer answer =
        studio.raw(
            "GET /api/predictions/"
                + UNKNOWN
                + "?wait="
                + wait
                + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

    assertThat(answer.isProblem(400, "invalid_request").fields()).containsExactly("wait");
  }

  @Test
  void unknownAndUnreadableIdsAreTheSame() {
    Answer unknown = studio.get("/api/predictions/" + UNKNOWN, "X-Request-Id", "same");
    Answer unreadable = studio.get("/api/predictions/nonsense", "X-Request-Id", "same");

    assertThat(unknown.isProblem(404, "not_found").json())
        .isEqualTo(unreadable.isProblem(404, "not_found").json());
  }

  @Test
  void aTrustedCallerMayLookOnBehalfOfAUserAndThenSeesOnlyTheirs() {
    String generation =
        "/api/predictions/"
            + studio
                .generate("{\"prompt\":\"a lighthouse\",\"userId\":\"ada\"}")
                .json()
                .get("id")
                .textValue();

    assertThat(studio.get(generation).status()).isEqualTo(200);
    assertThat(studio.get(generation + "?userId=ada").status()).isEqualTo(200);
    Answer foreign = studio.get(generation + "?userId=bob", "X-Request-Id", "same");
    Answer unknown =
        studio.get("/api/predictions/" + UNKNOWN + "?userId=bob", "X-Request-Id", "same");
    assertThat(foreign.isProblem(404, "not_found").json()).isEqualTo(unknown.json());
  }

  @ParameterizedTest
  @ValueSource(strings = {"userId=", "userId=a&userId=b", "userId=%00"})
  void aUserIdThatCannotBeOneIsRefused(String query) {
    Answer answer = studio.get("/api/predictions/" + UNKNOWN + "?" + query);

    assertThat(answer.isProblem(400, "invalid_request").fields()).containsExactly("userId");
  }

  @Test
  void aBrokenDatabaseIsUnavailable() {
    GenerationId id = studio.queued();
    studio.generations.breakDown(true);

    studio.get("/api/predictions/" + id).isProblem(503, "unavailable");
  }
}
