package dev.atelier.skytells.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atelier.application.port.MutableClock;
import dev.atelier.application.port.Predictions.Submission;
import dev.atelier.application.port.TraceContext;
import dev.atelier.domain.Failure;
import dev.atelier.domain.Generation;
import dev.atelier.domain.Generations;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.skytells.client.ScriptedServer.Reply;
import dev.atelier.skytells.client.SkytellsSettings.WebhookStyle;
import dev.atelier.skytells.json.DocumentReader;
import dev.atelier.skytells.output.RefusingSockets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests create calls: the request, the outcome, and that paid requests are never repeated. */
class SubmitTest {
  private static final Generation GENERATION = Generations.submitting();
  private static final String QUEUED = "{\"id\":\"pred_1\",\"status\":\"queued\"}";

  @AutoClose private final ScriptedServer server = new ScriptedServer();
  private final MutableClock clock = new MutableClock();

  SubmitTest() throws IOException {}

  @Test
  void theTraceIsPropagatedToSkytells() {
    var trace = new TraceContext("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", true);
    server.next(ScriptedServer.json(201, QUEUED));
    server.next(ScriptedServer.json(201, QUEUED));

    ScopedValue.where(TraceContext.CURRENT, trace).run(this::submit);
    submit();

    assertThat(server.requests().getFirst().headers().get("Traceparent"))
        .containsExactly("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    assertThat(server.requests().getLast().headers()).doesNotContainKey("Traceparent");
  }

  @Test
  void theRequestHasTheKeyInOneHeaderAndAJsonBody() {
    server.next(ScriptedServer.json(201, QUEUED));

    submit();

    ScriptedServer.Request request = server.requests().getFirst();
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.path()).isEqualTo("/v1/predictions");
    assertThat(request.headers().get("X-api-key")).containsExactly(Settings.API_KEY);
    assertThat(request.headers().get("Content-type")).containsExactly("application/json");
    assertThat(request.headers()).doesNotContainKey("Authorization");
    assertThat(request.body()).doesNotContain(Settings.API_KEY);
  }

  @Test
  void theStringStyleRequestsEveryEndAsCompleted() {
    JsonNode body = bodyOf(WebhookStyle.STRING);

    assertThat(body.path("webhook").textValue()).isEqualTo(webhookAddress());
    assertThat(body.path("webhook_events_filter")).isEqualTo(Fixtures.parse("[\"completed\"]"));
  }

  @Test
  void theObjectStyleRequestsEachEndByName() {
    JsonNode body = bodyOf(WebhookStyle.OBJECT);

    assertThat(body.path("webhook").path("url").textValue()).isEqualTo(webhookAddress());
    assertThat(body.path("webhook").path("events"))
        .isEqualTo(Fixtures.parse("[\"completed\",\"failed\",\"canceled\"]"));
    assertThat(body.has("webhook_events_filter")).isFalse();
  }

  @Test
  void withStyleNoneNoWebhookIsRequested() {
    assertThat(bodyOf(WebhookStyle.NONE).properties())
        .extracting(Map.Entry::getKey)
        .containsExactlyInAnyOrder("model", "input");
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202})
  void anySuccessStatusIsAccepted(int status) {
    server.next(ScriptedServer.json(status, QUEUED));

    assertThat(submit()).isEqualTo(accepted(new Prediction.Queued(new PredictionId("pred_1"))));
  }

  @Test
  void statusFalseWithAnIdIsAcceptedAndQueued() {
    server.next(
        ScriptedServer.json(
            200,
            "{\"status\":false,\"id\":\"pred_1\",\"error\":{\"message\":\"still in the queue\"}}"));

    assertThat(submit()).isEqualTo(accepted(new Prediction.Queued(new PredictionId("pred_1"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | INVALID_PARAMETER        | REJECTED_BY_PROVIDER",
        "422 | INVALID_PARAMETER        | REJECTED_BY_PROVIDER",
        "422 | VALIDATION_ERROR         | REJECTED_BY_PROVIDER",
        "404 | MODEL_NOT_FOUND          | REJECTED_BY_PROVIDER",
        "422 | MODEL_NOT_SUPPORTED      | REJECTED_BY_PROVIDER",
        "404 | ENDPOINT_NOT_FOUND       | PROVIDER_UNAVAILABLE",
        "401 | UNAUTHORIZED             | PROVIDER_UNAVAILABLE",
        "401 | ACCOUNT_SUSPENDED        | PROVIDER_UNAVAILABLE",
        "403 | ACCOUNT_SUSPENDED        | PROVIDER_UNAVAILABLE",
        "402 | INSUFFICIENT_CREDITS     | PROVIDER_UNAVAILABLE",
        "400 | INSUFFICIENT_CREDITS     | PROVIDER_UNAVAILABLE",
        "451 | CONTENT_POLICY_VIOLATION | CONTENT_POLICY",
        "400 | CONTENT_POLICY_VIOLATION | CONTENT_POLICY",
        "400 | content_policy_violation | CONTENT_POLICY",
        "429 | INSUFFICIENT_CREDITS     | PROVIDER_UNAVAILABLE",
        "400 | SOMETHING_NEW            | REJECTED_BY_PROVIDER",
        "418 | SOMETHING_NEW            | REJECTED_BY_PROVIDER",
        "401 | SOMETHING_NEW            | PROVIDER_UNAVAILABLE",
        "404 | SOMETHING_NEW            | PROVIDER_UNAVAILABLE",
        "451 | SOMETHING_NEW            | CONTENT_POLICY",
      })
  void aRefusalIsClassifiedByErrorIdThenByStatus(int status, String errorId, Failure.Code code) {
    server.next(
        ScriptedServer.json(
            status, "{\"error\":{\"error_id\":\"" + errorId + "\",\"message\":\"busy, 429\"}}"));

    assertThat(refusal(submit()).failure().code()).isEqualTo(code);
    assertThat(server.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"status\":false,\"response\":\"Unauthorized\"}",
        "{\"status\":false,\"error\":{\"http_status\":401,\"error_id\":\"UNAUTHORIZED\"}}",
        "{\"error_id\":\"INSUFFICIENT_CREDITS\",\"message\":\"no credits\"}",
      })
  void anErrorWithASuccessStatusIsARefusal(String body) {
    server.next(ScriptedServer.json(200, body));

    assertThat(refusal(submit()).failure().code()).isEqualTo(Failure.Code.PROVIDER_UNAVAILABLE);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 307, 308})
  void aRedirectIsNotFollowed(int status) throws IOException {
    try (var elsewhere = new ScriptedServer()) {
      server.next(
          ScriptedServer.reply(status, "", "Location", elsewhere.origin() + "/v1/predictions"));

      assertThat(refusal(submit()).failure().code()).isEqualTo(Failure.Code.PROVIDER_UNAVAILABLE);
      assertThat(elsewhere.requests()).isEmpty();
    }
  }

  static Stream<Arguments> ambiguousReplies() {
    byte[] half = QUEUED.substring(0, 10).getBytes(StandardCharsets.UTF_8);
    return Stream.of(
        Arguments.of("cut without an answer", ScriptedServer.cut()),
        Arguments.of("500 unified", ScriptedServer.json(500, internalError())),
        Arguments.of("500 with a refusal's id", ScriptedServer.json(500, unauthorized())),
        Arguments.of(
            "502 HTML", ScriptedServer.reply(502, Fixtures.text("error-502-html-not-json.html"))),
        Arguments.of("503", ScriptedServer.status(503)),
        Arguments.of("503 at once again", ScriptedServer.reply(503, "", "Retry-After", "0")),
        Arguments.of("503 later", ScriptedServer.reply(503, "", "Retry-After", "1")),
        Arguments.of("504", ScriptedServer.status(504)),
        Arguments.of("524", ScriptedServer.status(524)),
        Arguments.of("408", ScriptedServer.status(408)),
        Arguments.of("409", ScriptedServer.status(409)),
        Arguments.of("499", ScriptedServer.status(499)),
        Arguments.of("302", ScriptedServer.reply(302, "", "Location", "/elsewhere")),
        Arguments.of("303", ScriptedServer.reply(303, "", "Location", "/elsewhere")),
        Arguments.of("200 empty", ScriptedServer.status(200)),
        Arguments.of("204", ScriptedServer.status(204)),
        Arguments.of("200 HTML", ScriptedServer.reply(200, "<html>hello</html>")),
        Arguments.of("200 truncated", ScriptedServer.truncated(200, QUEUED.length(), half)),
        Arguments.of("200 without an id", ScriptedServer.json(200, "{\"status\":\"queued\"}")),
        Arguments.of("200 success", ScriptedServer.json(200, "{\"success\":true}")),
        Arguments.of("200 with an odd id", ScriptedServer.json(200, "{\"id\":\"../../admin\"}")),
        Arguments.of(
            "200 status false with an odd id",
            ScriptedServer.json(200, "{\"status\":false,\"id\":\"../../admin\"}")),
        Arguments.of("200 array", ScriptedServer.json(200, "[]")),
        Arguments.of("200 internal error", ScriptedServer.json(200, internalError())),
        Arguments.of(
            "200 too large", ScriptedServer.json(200, withLogs(DocumentReader.MAX_BYTES))));
  }

  @Test
  void unusedMembersMayHaveAnySizeAndDepth() {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    server.next(
        ScriptedServer.json(
            200, withLogs(6_000_000).replaceFirst("\\{", "{\"input\":" + deep + ",")));

    assertThat(submit()).isInstanceOf(Submission.Accepted.class);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ambiguousReplies")
  void anAmbiguousOutcomeIsUnconfirmedAndNotRetried(String name, Reply reply) {
    server.always(reply);

    assertThat(submit()).isInstanceOf(Submission.Unconfirmed.class);
    assertThat(server.requests()).as(name).hasSize(1);
  }

  @Test
  void aTimeoutIsUnconfirmedAndNotRetried() {
    server.always(server.hang());

    assertThat(submit(Settings.of(server, Settings.IMPATIENT)))
        .isEqualTo(new Submission.Unconfirmed("no reply: SocketTimeoutException"));
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aStalledResponseIsUnconfirmedAndNotRetried() {
    server.always(server.stall(100, "{\"id\":".getBytes(StandardCharsets.UTF_8)));

    assertThat(submit(Settings.of(server, Settings.IMPATIENT)))
        .isInstanceOf(Submission.Unconfirmed.class);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aReusedConnectionThatBreaksIsUnconfirmedAndNotRetried() {
    server.next(ScriptedServer.json(200, QUEUED), ScriptedServer.cut());
    server.always(ScriptedServer.json(200, QUEUED));
    try (var client = new SkytellsClient(Settings.of(server), clock)) {
      client.submit(GENERATION.id(), Generations.IMAGE_MODEL, Generations.INPUT);

      assertThat(client.submit(GENERATION.id(), Generations.IMAGE_MODEL, Generations.INPUT))
          .isInstanceOf(Submission.Unconfirmed.class);
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void anInterruptedThreadSendsNothing() {
    Thread.currentThread().interrupt();

    assertThat(refusal(submit()).failure().code()).isEqualTo(Failure.Code.PROVIDER_UNAVAILABLE);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void aFailedConnectionIsRetried() {
    server.next(ScriptedServer.json(200, QUEUED));
    var sockets = new RefusingSockets(2);

    assertThat(submit(sockets)).isInstanceOf(Submission.Accepted.class);
    assertThat(sockets.targets()).hasSize(3);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void withoutAConnectionTheCreateIsRefused() {
    var sockets = new RefusingSockets(Integer.MAX_VALUE);

    assertThat(refusal(submit(sockets)))
        .isEqualTo(
            new Submission.Refused(
                new Failure(Failure.Code.PROVIDER_UNAVAILABLE, "not reached: ConnectException"),
                Optional.empty()));
    assertThat(sockets.targets()).hasSizeGreaterThan(2);
  }

  @Test
  void afterARetriedConnectionASentRequestIsNotRetried() {
    server.always(ScriptedServer.cut());
    var sockets = new RefusingSockets(1);

    assertThat(submit(sockets)).isInstanceOf(Submission.Unconfirmed.class);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aBusyResponseIsRetried() {
    server.next(
        ScriptedServer.json(429, Fixtures.text("error-429-flat.json")),
        ScriptedServer.json(403, "{\"error_id\":\"RATE_LIMITED\"}"),
        ScriptedServer.reply(429, "", "Retry-After", "0"),
        ScriptedServer.json(200, QUEUED));

    assertThat(submit()).isInstanceOf(Submission.Accepted.class);
    assertThat(server.requests()).hasSize(4);
  }

  @Test
  void aRetryWaitsForRetryAfter() {
    server.next(
        ScriptedServer.reply(429, "", "Retry-After", "1"), ScriptedServer.json(200, QUEUED));
    var retries =
        new SkytellsSettings.Retries(
            Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofSeconds(5), Duration.ZERO);

    assertThat(submit(Settings.of(server, retries))).isInstanceOf(Submission.Accepted.class);
    long first = server.requests().getFirst().nanoTime();
    long second = server.requests().getLast().nanoTime();
    assertThat(Duration.ofNanos(second - first)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aRetryAfterBeyondTheBudgetIsNotRetried() {
    server.always(
        ScriptedServer.reply(429, Fixtures.text("error-429-flat.json"), "Retry-After", "12"));

    Submission.Refused refused = refusal(submit());

    assertThat(refused.failure().code()).isEqualTo(Failure.Code.PROVIDER_BUSY);
    assertThat(refused.retryAfter()).contains(Duration.ofSeconds(12));
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void retryAfterMayBeADate() {
    server.always(ScriptedServer.reply(429, "", "Retry-After", "Fri, 20 Nov 2026 10:00:30 GMT"));

    assertThat(refusal(submit()).retryAfter()).contains(Duration.ofSeconds(30));
  }

  @Test
  void retriesOfABusySkytellsAreBounded() {
    server.always(ScriptedServer.json(429, Fixtures.text("error-429-flat.json")));

    assertThat(refusal(submit()).failure().code()).isEqualTo(Failure.Code.PROVIDER_BUSY);
    assertThat(server.requests()).hasSizeGreaterThan(2);
  }

  private static String internalError() {
    return Fixtures.text("error-500-internal-no-response-field.json");
  }

  private static String unauthorized() {
    return Fixtures.text("error-401-unified-envelope.json");
  }

  private static String withLogs(int length) {
    return QUEUED.replaceFirst("\\{", "{\"logs\":\"" + "x".repeat(length) + "\",");
  }

  private JsonNode bodyOf(WebhookStyle style) {
    server.next(ScriptedServer.json(200, QUEUED));
    submit(Settings.of(server, style));
    return Fixtures.parse(server.requests().getFirst().body());
  }

  private static String webhookAddress() {
    return "https://app.example.test/api/webhooks/skytells/" + GENERATION.id();
  }

  private static Submission accepted(Prediction prediction) {
    return new Submission.Accepted(prediction);
  }

  private static Submission.Refused refusal(Submission submission) {
    assertThat(submission).isInstanceOf(Submission.Refused.class);
    return (Submission.Refused) submission;
  }

  private Submission submit() {
    return submit(Settings.of(server));
  }

  private Submission submit(SkytellsSettings settings) {
    try (var client = new SkytellsClient(settings, clock)) {
      return client.submit(GENERATION.id(), Generations.IMAGE_MODEL, Generations.INPUT);
    }
  }

  private Submission submit(RefusingSockets sockets) {
    SkytellsSettings settings = Settings.of(server);
    OkHttpClient http = SkytellsHttp.client(settings).newBuilder().socketFactory(sockets).build();
    try (var client = new SkytellsClient(settings, clock, http)) {
      return client.submit(GENERATION.id(), Generations.IMAGE_MODEL, Generations.INPUT);
    }
  }
}
