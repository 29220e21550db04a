package dev.atelier.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atelier.application.port.Predictions.Submission;
import dev.atelier.domain.Failure;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.GenerationOptions;
import dev.atelier.domain.Generations;
import dev.atelier.domain.NegativePrompt;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.UserId;
import dev.atelier.http.Response;
import dev.atelier.http.TestServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GenerateIT {
  @AutoClose private final TestServer studio = TestServer.start();

  @Test
  void anAcceptedGenerationIsAnswered202WithItsLocation() {
    Response response = studio.generate(TestServer.BODY);

    assertThat(response.status()).isEqualTo(202);
    String id = response.json().get("id").textValue();
    assertThat(response.header("Location"))
        .contains("https://studio.example/atelier/api/predictions/" + id);
    assertThat(response.header("Retry-After")).contains("2");
    assertThat(response.header("Content-Type")).contains("application/json");
    assertThat(response.header("Cache-Control")).contains("no-store");
    assertThat(response.json().get("status").textValue()).isEqualTo("queued");
    assertThat(found(response).owner()).isEqualTo(UserId.ANONYMOUS);
  }

  @Test
  void everyOptionIsRead() {
    Response response =
        studio.generate(
            """
            {"prompt": "a cat", "model": "TrueFusion-Pro", "width": 512, "height": 768.0,
             "negativePrompt": "dogs", "numInferenceSteps": 12, "numOutputs": 2,
             "seed": 4294967295, "durationSeconds": null, "userId": "ada"}
            """);

    assertThat(found(response).owner()).isEqualTo(new UserId("ada"));
    assertThat(found(response).request().options())
        .isEqualTo(
            new GenerationOptions(
                OptionalInt.of(512),
                OptionalInt.of(768),
                OptionalInt.of(12),
                Optional.of(new NegativePrompt("dogs")),
                OptionalInt.of(2),
                OptionalLong.of(4294967295L),
                OptionalInt.empty()));
  }

  @Test
  void theModelsOwnParametersAreReadAndReturned() {
    Response response =
        studio.generate(
            """
            {"prompt": "a cat", "input": {"guidance": 3.50, "steps": 4.0, "raw": true, "none": null,
             "images": ["https://example.com/a.png"], "style": {"name": " <oil> "}}}
            """);

    assertThat(response.status()).isEqualTo(202);
    assertThat(response.json().get("input").toString())
        .isEqualTo(
            "{\"guidance\":3.5,\"images\":[\"https://example.com/a.png\"],\"prompt\":\"a cat\","
                + "\"raw\":true,\"steps\":4,\"style\":{\"name\":\"oil\"}}");
    assertThat(response.json().get("inputs")).isEmpty();
    assertThat(studio.get("/api/predictions/" + response.json().get("id").textValue()).json())
        .isEqualTo(response.json());
  }

  @Test
  void anOutputIsAnInput() {
    GenerationId source = studio.succeeded(TestServer.png(100));
    String url = TestServer.APP_URL + "/api/predictions/" + source + "/output/0";
    Response response =
        studio.generate(cat("\"input\":{\"images\":[\"" + url + "?expires=1&signature=x\"]}"));

    assertThat(response.status()).isEqualTo(202);
    assertThat(response.json().at("/input/images/0").textValue()).isEqualTo(url);
    assertThat(response.json().at("/inputs/0/generation").textValue()).isEqualTo(source.toString());
    assertThat(response.json().at("/inputs/0/parameter").textValue()).isEqualTo("images[0]");
    assertThat(response.json().at("/inputs/0/index").intValue()).isZero();
    assertThat(response.json().at("/inputs/0/url").textValue()).isEqualTo(url);
  }

  @Test
  void anInputThatDoesNotExistIsNamed() {
    String unknown =
        TestServer.APP_URL + "/api/predictions/0198c0de-5d00-7000-8000-0000000000a1/output/0";
    Response response = studio.generate(cat("\"input\":{\"image\":\"" + unknown + "\"}"));

    assertThat(response.status()).isEqualTo(422);
    assertThat(response.json().get("code").textValue()).isEqualTo("input_not_found");
    assertThat(response.json().at("/errors/0/field").textValue()).isEqualTo("input.image");
  }

  @Test
  void anOfflineModelIsRejected() {
    studio.models.takeOffline(Generations.IMAGE_MODEL);

    Response response = studio.generate(TestServer.BODY);

    assertThat(response.status()).isEqualTo(422);
    assertThat(response.json().get("code").textValue()).isEqualTo("model_offline");
  }

  @Test
  void aVideoHasItsDuration() {
    Response response =
        studio.generate(
            "{\"prompt\":\"a wave\",\"model\":\"truefusion-video-pro\",\"durationSeconds\":5}");

    assertThat(found(response).request().options().durationSeconds()).hasValue(5);
  }

  static Stream<Arguments> badFields() {
    return Stream.of(
        Arguments.of("{}", "prompt"),
        Arguments.of("{\"prompt\":null}", "prompt"),
        Arguments.of("{\"prompt\":5}", "prompt"),
        Arguments.of("{\"prompt\":[\"a cat\"]}", "prompt"),
        Arguments.of("{\"prompt\":\"\"}", "prompt"),
        Arguments.of("{\"prompt\":\" \\n \"}", "prompt"),
        Arguments.of("{\"prompt\":\"ab\"}", "prompt"),
        Arguments.of("{\"prompt\":\"" + "x".repeat(1001) + "\"}", "prompt"),
        Arguments.of("{\"prompt\":\"a cat\\u0000\"}", "prompt"),
        Arguments.of("{\"prompt\":\"a cat \\ud83d\"}", "prompt"),
        Arguments.of(cat("\"model\":\"dall-e-3\""), "model"),
        Arguments.of(cat("\"model\":7"), "model"),
        Arguments.of(cat("\"width\":64"), "width"),
        Arguments.of(cat("\"width\":\"1024\""), "width"),
        Arguments.of(cat("\"width\":1024.5"), "width"),
        Arguments.of(cat("\"width\":true"), "width"),
        Arguments.of(cat("\"width\":99999999999999999999999"), "width"),
        Arguments.of(cat("\"width\":1e400"), "width"),
        Arguments.of(cat("\"height\":4096"), "height"),
        Arguments.of(cat("\"height\":-1e9"), "height"),
        Arguments.of(cat("\"negativePrompt\":{}"), "negativePrompt"),
        Arguments.of(cat("\"numInferenceSteps\":0"), "numInferenceSteps"),
        Arguments.of(cat("\"numOutputs\":5"), "numOutputs"),
        Arguments.of(cat("\"seed\":-1"), "seed"),
        Arguments.of(cat("\"seed\":4294967296"), "seed"),
        Arguments.of(cat("\"seed\":\"1\""), "seed"),
        Arguments.of(cat("\"durationSeconds\":5"), "durationSeconds"),
        Arguments.of(cat("\"durationSeconds\":\"5\""), "durationSeconds"),
        Arguments.of(cat("\"input\":[]"), "input"),
        Arguments.of(cat("\"input\":{\"a\":\"" + "x".repeat(65_536) + "\"}"), "input"),
        Arguments.of(cat("\"input\":{\"a\":[[[[[[[[1]]]]]]]]}"), "input"),
        Arguments.of(cat("\"input\":{\"a\":[1,null]}"), "input.a[1]"),
        Arguments.of(cat("\"input\":{\"a\":\"\\u0000\"}"), "input.a"),
        Arguments.of(cat("\"input\":{\"a\":{\"b\":1e999}}"), "input.a.b"),
        Arguments.of(cat("\"userId\":5"), "userId"),
        Arguments.of(cat("\"userId\":\"\""), "userId"),
        Arguments.of(cat("\"userId\":\"a\\u0000\""), "userId"),
        Arguments.of(cat("\"num_outputs\":1"), "num_outputs"),
        Arguments.of(cat("\"Prompt\":\"a dog\""), "Prompt"));
  }

  private static String cat(String more) {
    return "{\"prompt\":\"a cat\"," + more + "}";
  }

  @ParameterizedTest
  @MethodSource("badFields")
  void anInvalidFieldIsNamedAndNothingIsSubmitted(String body, String field) {
    Response response = studio.generate(body).isProblem(400, "invalid_request");

    assertThat(response.fields()).containsExactly(field);
    assertThat(response.json().get("detail").textValue()).startsWith(field + " ");
    assertThat(studio.skytells.sold()).isEmpty();
  }

  @Test
  void allInvalidFieldsAreReportedTogether() {
    String types = "{\"prompt\":1,\"width\":\"a\",\"colour\":\"red\",\"userId\":\"\"}";
    String bounds = "{\"prompt\":\"ab\",\"width\":64,\"height\":4096}";

    assertThat(studio.generate(types).isProblem(400, "invalid_request").fields())
        .containsExactlyInAnyOrder("prompt", "width", "colour", "userId");
    assertThat(studio.generate(bounds).isProblem(400, "invalid_request").fields())
        .containsExactlyInAnyOrder("prompt", "width", "height");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "[{\"prompt\":\"a cat\"}]",
        "\"a cat\"",
        "5",
        "{\"prompt\":\"a cat\"",
        "{\"prompt\":\"a cat\"}}",
        "{\"prompt\":\"a cat\"} {}",
        "{\"prompt\":\"a cat\",\"prompt\":\"a dog\"}",
        "{'prompt':'a cat'}",
        "{\"prompt\":\"a\ncat\"}",
        "{\"prompt\":\"a cat\",\"width\":NaN}",
        "prompt=a+cat"
      })
  void aBodyThatIsNotOneJsonObjectIsRejected(String body) {
    assertThat(studio.generate(body).isProblem(400, "invalid_request").fields()).isEmpty();
    assertThat(studio.skytells.sold()).isEmpty();
  }

  @Test
  void aBodyThatIsNotUtf8IsRejected() {
    byte[] latin = "{\"prompt\":\"ein schönes Bild\"}".getBytes(StandardCharsets.ISO_8859_1);

    studio
        .send("POST", "/api/generate", latin, "Content-Type", "application/json")
        .isProblem(400, "invalid_request");
  }

  @Test
  void aDeeplyNestedBodyIsRejected() {
    studio.generate("[".repeat(30_000)).isProblem(400, "invalid_request");
    studio.generate(cat("\"x\":" + "[".repeat(30_000))).isProblem(400, "invalid_request");
  }

  @Test
  void aBodyMayHave128KibibytesAndNotOneByteMore() {
    String full = TestServer.BODY + " ".repeat(128 * 1024 - TestServer.BODY.length());

    assertThat(studio.generate(full).status()).isEqualTo(202);
    studio.generate(full + " ").isProblem(413, "too_large");
    studio
        .raw(
            "POST /api/generate HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n20001\r\n"
                + full
                + " \r\n0\r\n\r\n")
        .isProblem(413, "too_large");
    assertThat(studio.skytells.sold()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "Application/JSON",
        "application/json;charset=utf-8",
        "application/json; charset=\"UTF-8\""
      })
  void jsonInUtf8IsAccepted(String type) {
    assertThat(studio.post("/api/generate", TestServer.BODY, "Content-Type", type).status())
        .isEqualTo(202);
  }

  @Test
  void aMissingContentTypeIsRejected() {
    studio.post("/api/generate", TestServer.BODY).isProblem(415, "unsupported_media_type");
    assertThat(studio.skytells.sold()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=iso-8859-1",
        "application/jsonp",
        "nonsense"
      })
  void anyOtherContentTypeIsRejected(String type) {
    studio
        .post("/api/generate", TestServer.BODY, "Content-Type", type)
        .isProblem(415, "unsupported_media_type");
    assertThat(studio.skytells.sold()).isEmpty();
  }

  @Test
  void aGenerationBeyondTheActiveLimitIsRejected() {
    for (int i = 0; i < TestServer.ACTIVE_LIMIT; i++) {
      studio.queued();
    }

    Response response = studio.generate(TestServer.BODY).isProblem(429, "quota_exceeded");

    assertThat(response.header("Retry-After")).contains("10");
    assertThat(response.json().get("retryable").booleanValue()).isTrue();
    assertThat(studio.generate(cat("\"userId\":\"ada\"")).status()).isEqualTo(202);
  }

  @Test
  void ofSixtyConcurrentRequestsExactlyTenAreAccepted() {
    byte[] body = TestServer.BODY.getBytes(StandardCharsets.UTF_8);
    List<CompletableFuture<Response>> responses =
        Stream.generate(
                () ->
                    studio.sendAsync(
                        "POST", "/api/generate", body, "Content-Type", "application/json"))
            .limit(60)
            .toList();

    assertThat(responses.stream().map(CompletableFuture::join).map(Response::status))
        .containsOnly(202, 429)
        .filteredOn(status -> status == 202)
        .hasSize(TestServer.ACTIVE_LIMIT);
    assertThat(studio.skytells.sold()).hasSize(TestServer.ACTIVE_LIMIT);
  }

  @Test
  void aRepeatedRequestWithTheSameKeyReturnsTheSameGeneration() {
    Response first =
        studio.generate("{\"prompt\":\"a cat\",\"width\":1024}", "Idempotency-Key", "\"key-1\"");
    Response second =
        studio.generate(
            "{ \"model\": \"truefusion-pro\", \"prompt\": \" a cat\" }",
            "Idempotency-Key",
            "key-1");

    assertThat(first.status()).isEqualTo(202);
    assertThat(first.header("Idempotent-Replayed")).isEmpty();
    assertThat(second.status()).isEqualTo(202);
    assertThat(second.header("Idempotent-Replayed")).contains("true");
    assertThat(second.header("Location")).isEqualTo(first.header("Location"));
    assertThat(second.json()).isEqualTo(first.json());
    assertThat(studio.skytells.sold()).hasSize(1);
  }

  @Test
  void aReplayOfAnEndedGenerationIsAnswered200() {
    Response first = studio.generate(TestServer.BODY, "Idempotency-Key", "key-1");
    GenerationId id = found(first).id();
    studio.webhook(id, new Prediction.Canceled(studio.prediction(id)));

    Response second = studio.generate(TestServer.BODY, "Idempotency-Key", "key-1");

    assertThat(second.status()).isEqualTo(200);
    assertThat(second.json().get("id")).isEqualTo(first.json().get("id"));
    assertThat(second.json().get("status").textValue()).isEqualTo("canceled");
  }

  @Test
  void aDifferentRequestWithTheSameKeyIsRejected() {
    studio.generate(TestServer.BODY, "Idempotency-Key", "key-1");

    studio
        .generate(cat("\"seed\":1"), "Idempotency-Key", "key-1")
        .isProblem(422, "idempotency_key_reused");

    assertThat(studio.generate(cat("\"userId\":\"ada\""), "Idempotency-Key", "key-1").status())
        .isEqualTo(202);
    assertThat(studio.skytells.sold()).hasSize(2);
  }

  @Test
  void aFinalRefusalIsReplayed() {
    studio.skytells.refuseNext(
        new Submission.Refused(
            new Failure(Failure.Code.CONTENT_POLICY, "upstream's own words"), Optional.empty()));

    Response first =
        studio
            .generate(TestServer.BODY, "Idempotency-Key", "key-1")
            .isProblem(422, "content_policy");
    Response second =
        studio
            .generate(TestServer.BODY, "Idempotency-Key", "key-1")
            .isProblem(422, "content_policy");

    assertThat(second.json().get("generationId")).isEqualTo(first.json().get("generationId"));
  }

  @Test
  void aRetryableProblemCanBeRetriedWithTheSameKey() {
    studio.skytells.refuseNext(
        new Submission.Refused(new Failure(Failure.Code.PROVIDER_BUSY, "busy"), Optional.empty()));

    Response first =
        studio
            .generate(TestServer.BODY, "Idempotency-Key", "key-1")
            .isProblem(429, "provider_busy");

    assertThat(first.json().get("retryable").booleanValue()).isTrue();
    assertThat(studio.generate(TestServer.BODY, "Idempotency-Key", "key-1").status())
        .isEqualTo(202);
  }

  @Test
  void aMalformedKeyIsNamedAndNothingIsSubmitted() {
    Response response =
        studio
            .generate(TestServer.BODY, "Idempotency-Key", "\"open")
            .isProblem(400, "invalid_request");

    assertThat(response.fields()).containsExactly("Idempotency-Key");
    studio
        .generate(TestServer.BODY, "Idempotency-Key", "a", "Idempotency-Key", "b")
        .isProblem(400, "invalid_request");
    assertThat(studio.skytells.sold()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "REJECTED_BY_PROVIDER, 422, rejected_by_provider, false",
    "CONTENT_POLICY, 422, content_policy, false",
    "PROVIDER_BUSY, 429, provider_busy, true",
    "PROVIDER_UNAVAILABLE, 502, provider_unavailable, true"
  })
  void aRefusalOfSkytellsReportsTheReasonAndTheGeneration(
      Failure.Code failure, int status, String code, boolean retryable) {
    studio.skytells.refuseNext(
        new Submission.Refused(
            new Failure(failure, "upstream's own words"), Optional.of(Duration.ofMillis(11_500))));

    Response response = studio.generate(TestServer.BODY).isProblem(status, code);

    JsonNode problem = response.json();
    assertThat(problem.get("detail").textValue()).isEqualTo(failure.message());
    assertThat(problem.get("retryable").booleanValue()).isEqualTo(retryable);
    assertThat(response.header("Retry-After"))
        .isEqualTo(status == 429 ? Optional.of("12") : Optional.empty());
    JsonNode failed =
        studio.get("/api/predictions/" + problem.get("generationId").textValue()).json();
    assertThat(failed.get("status").textValue()).isEqualTo("failed");
    assertThat(failed.get("errorCode").textValue()).isEqualTo(code);
    assertThat(failed.toString()).doesNotContain("upstream's own words");
  }

  @Test
  void aBusyProviderWithoutRetryAfterGetsTheDefault() {
    studio.skytells.refuseNext(
        new Submission.Refused(new Failure(Failure.Code.PROVIDER_BUSY, "busy"), Optional.empty()));

    Response response = studio.generate(TestServer.BODY).isProblem(429, "provider_busy");

    assertThat(response.header("Retry-After")).contains("10");
  }

  @Test
  void preferWaitReturnsTheEndedGeneration() {
    CompletableFuture<Response> waiting =
        studio.sendAsync(
            "POST",
            "/api/generate",
            TestServer.BODY.getBytes(StandardCharsets.UTF_8),
            "Content-Type",
            "application/json",
            "Prefer",
            "respond-async, wait=600");
    GenerationId id = Poll.until(() -> studio.skytells.sold().keySet().stream().findFirst());
    Poll.until(() -> studio.generations.find(id).filter(row -> row.revision() == 1));

    studio.webhook(id, new Prediction.Canceled(studio.prediction(id)));

    Response response = waiting.join();
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.header("Preference-Applied")).contains("wait=60");
    assertThat(response.header("Retry-After")).isEmpty();
    assertThat(response.json().get("status").textValue()).isEqualTo("canceled");
  }

  @Test
  void aWaitThatTimesOutIsAnswered202() {
    Response response = studio.generate(TestServer.BODY, "Prefer", "wait=1");

    assertThat(response.status()).isEqualTo(202);
    assertThat(response.header("Preference-Applied")).isEmpty();
    assertThat(response.header("Retry-After")).contains("2");
  }

  @Test
  void anInvalidPreferenceIsIgnored() {
    assertThat(studio.generate(TestServer.BODY, "Prefer", "wait=soon").status()).isEqualTo(202);
  }

  @Test
  void aGenerationThatEndsAtOnceIsAnswered200() {
    studio.skytells.sellNext(id -> new Submission.Accepted(new Prediction.Canceled(id)));

    Response response = studio.generate(TestServer.BODY);

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.header("Retry-After")).isEmpty();
    assertThat(response.header("Preference-Applied")).isEmpty();
  }

  @Test
  void aDatabaseOutageIsAnswered503AndNothingIsSubmitted() {
    studio.generations.breakDown(true);

    Response response = studio.generate(TestServer.BODY).isProblem(503, "unavailable");

    assertThat(response.header("Retry-After")).contains("5");
    assertThat(response.text()).doesNotContain("database");
    assertThat(studio.skytells.sold()).isEmpty();
  }

  private Generation found(Response response) {
    GenerationId id = GenerationId.parse(response.json().get("id").textValue()).orElseThrow();
    return studio.generations.find(id).orElseThrow();
  }
}
