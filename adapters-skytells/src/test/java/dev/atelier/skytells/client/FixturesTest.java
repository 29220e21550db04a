package dev.atelier.skytells.client;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.application.port.InputBuilder.Draft;
import dev.atelier.application.port.InputBuilder.Result.Built;
import dev.atelier.application.port.Predictions.Submission;
import dev.atelier.application.port.Secret;
import dev.atelier.application.port.Webhooks.Reading;
import dev.atelier.domain.Billed;
import dev.atelier.domain.Failure;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationOptions;
import dev.atelier.domain.Generations;
import dev.atelier.domain.Model;
import dev.atelier.domain.ModelInput;
import dev.atelier.domain.Output;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.Prompt;
import dev.atelier.domain.Quantity;
import dev.atelier.skytells.client.ScriptedServer.Reply;
import dev.atelier.skytells.client.SkytellsSettings.WebhookStyle;
import dev.atelier.skytells.json.SkytellsJson;
import dev.atelier.skytells.model.BuiltInModels;
import dev.atelier.skytells.model.ModelDocument;
import dev.atelier.skytells.model.SkytellsInputBuilder;
import dev.atelier.skytells.sandbox.Signatures;
import dev.atelier.skytells.webhook.SkytellsWebhooks;
import dev.atelier.skytells.webhook.SkytellsWebhooksTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sends or handles every payload in Skytells' documents. */
class FixturesTest {
  private static final PredictionId ABC = new PredictionId("pred_abc123");
  private static final Optional<Instant> NO_TIME = Optional.empty();

  @AutoClose private final ScriptedServer server = new ScriptedServer();
  private final Map<String, Executable> expectations = new TreeMap<>();

  FixturesTest() throws IOException {
    requests();
    responses();
    errors();
    webhooks();
  }

  static Stream<String> files() throws Exception {
    return Fixtures.names().stream();
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyFixtureIsHandledAsExpected(String file) throws Throwable {
    Executable expectation = requireNonNull(expectations.get(file), "no expectation");

    expectation.execute();
  }

  @Test
  void everyExpectationHasAFixture() throws Exception {
    assertThat(Fixtures.names()).containsExactlyElementsOf(expectations.keySet());
  }

  /** Our requests match the documented ones, as far as we use them. */
  private void requests() {
    expectations.put(
        "request-create-tutorial-webhook-string-with-filter.json",
        () -> {
          JsonNode documented =
              Fixtures.json("request-create-tutorial-webhook-string-with-filter.json");
          JsonNode actual = sent(WebhookStyle.STRING, "truefusion-pro", GenerationOptions.NONE);
          assertThat(names(actual)).isEqualTo(names(documented));
          assertThat(names(actual.path("input"))).containsAll(names(documented.path("input")));
          assertThat(actual.path("webhook_events_filter"))
              .isEqualTo(documented.path("webhook_events_filter"));
          assertThat(actual.path("webhook").textValue())
              .startsWith(documented.path("webhook").textValue());
        });
    expectations.put(
        "request-create-webhook-object-short-events.json",
        () -> {
          JsonNode documented = Fixtures.json("request-create-webhook-object-short-events.json");
          JsonNode actual = sent(WebhookStyle.OBJECT, "flux-pro", GenerationOptions.NONE);
          assertThat(names(actual.path("webhook"))).isEqualTo(names(documented.path("webhook")));
          assertThat(documented.path("webhook").path("events"))
              .containsAll(actual.path("webhook").path("events"));
        });
    expectations.put(
        "request-create-webhook-object-prediction-events.json",
        () -> {
          // We send the short event names, and the slug without its vendor.
          JsonNode documented =
              Fixtures.json("request-create-webhook-object-prediction-events.json");
          String slug = documented.path("model").textValue();
          JsonNode actual = sent(WebhookStyle.OBJECT, slug, GenerationOptions.NONE);
          assertThat(actual.path("model").textValue()).isEqualTo("truefusion-pro");
        });
    expectations.put(
        "request-create-webhook-string-no-filter.json",
        () -> {
          // Undocumented which events are sent without a filter, so we always send one.
          JsonNode actual = sent(WebhookStyle.STRING, "truefusion", GenerationOptions.NONE);
          assertThat(names(actual)).contains("webhook_events_filter");
        });
    expectations.put(
        "request-create-await-true.json",
        () ->
            assertThat(names(sent(WebhookStyle.STRING, "flux-pro", GenerationOptions.NONE)))
                .doesNotContain("await", "wait", "stream"));
    expectations.put(
        "request-create-aspect-ratio-multi-output.json",
        () -> {
          JsonNode documented = Fixtures.json("request-create-aspect-ratio-multi-output.json");
          var wide = options(OptionalInt.of(1920), OptionalInt.of(1080), OptionalInt.of(2));
          assertThat(sent(WebhookStyle.NONE, "truefusion", wide)).isEqualTo(documented);
        });
    expectations.put(
        "request-create-num-outputs-guidance.json",
        () -> {
          var two = options(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.of(2));
          JsonNode actual = sent(WebhookStyle.NONE, "truefusion-pro", two);
          assertThat(actual.path("input").path("num_outputs").intValue()).isEqualTo(2);
        });
    expectations.put(
        "request-create-video.json",
        () -> {
          JsonNode documented = Fixtures.json("request-create-video.json");
          JsonNode actual =
              sent(WebhookStyle.STRING, "truefusion-video-pro", GenerationOptions.NONE);
          assertThat(names(actual)).isEqualTo(names(documented));
          assertThat(names(documented.path("input"))).containsAll(names(actual.path("input")));
        });
    expectations.put(
        "request-create-audio-beatfusion.json",
        () -> {
          JsonNode documented = Fixtures.json("request-create-audio-beatfusion.json");
          var parameters =
              new ModelInput(SkytellsJson.toMap((ObjectNode) documented.path("input")));
          var draft =
              new Draft(
                  BuiltInModels.bySlug("beatfusion-2.0"),
                  Optional.empty(),
                  GenerationOptions.NONE,
                  parameters,
                  Set.of());
          assertThat(sent(WebhookStyle.NONE, draft)).isEqualTo(documented);
        });
  }

  private void responses() {
    accepts("response-create-processing-minimal.json", new Prediction.Processing(ABC));
    accepts(
        "response-create-queued-minimal.json",
        new Prediction.Queued(new PredictionId("pred_vid_abc123")));
    accepts(
        "response-succeeded-output-array-minimal.json",
        succeeded("https://cdn.skytells.ai/outputs/pred_abc123/output.png", NO_TIME));
    accepts(
        "response-succeeded-output-string.json",
        succeeded("https://cdn.skytells.ai/outputs/pred_abc123.png", at("2026-03-07T12:00:05Z")));
    accepts(
        "response-succeeded-full-array.json",
        new Prediction.Succeeded(
            new PredictionId("a1b2c3d4-e5f6-7890-abcd-ef1234567890"),
            List.of(
                new Output("https://delivery.skytells.cloud/us/2026/03/04/a1b2c3d4-output.png")),
            at("2026-03-04T21:21:02Z"),
            BILLED));
    accepts(
        "response-failed-error-id-top-level.json",
        new Prediction.Failed(
            ABC,
            new Failure(
                Failure.Code.PROVIDER_UNAVAILABLE,
                "INSUFFICIENT_CREDITS: Your account has run out of credits.")));
    for (String headers :
        List.of("headers-2xx-ratelimit-current.json", "headers-2xx-ratelimit-legacy.json")) {
      expectations.put(
          headers,
          () ->
              // ObserveTest covers the limits; they do not change the outcome.
              assertThat(
                      submit(
                          ScriptedServer.reply(
                              200,
                              Fixtures.text("response-create-queued-minimal.json"),
                              Fixtures.headers(headers))))
                  .isInstanceOf(Submission.Accepted.class));
    }
    for (String other :
        List.of(
            "response-cancel-endpoint-success.json",
            "response-delete-endpoint-success.json",
            "response-list-bare-array.json",
            "response-model.json",
            "response-model-input-schema.json")) {
      expectations.put(
          other,
          () ->
              assertThat(submit(ScriptedServer.json(200, Fixtures.text(other))))
                  .isInstanceOf(Submission.Unconfirmed.class));
    }
  }

  private void errors() {
    refuses(
        "error-400-inference-openai-style.json",
        400,
        Failure.Code.REJECTED_BY_PROVIDER,
        "HTTP 400 INVALID_PARAMETER: Human readable description of the error");
    refuses(
        "error-401-unified-envelope.json",
        401,
        Failure.Code.PROVIDER_UNAVAILABLE,
        "HTTP 401 UNAUTHORIZED: Invalid or missing API key, Please obtain a valid API key from the"
            + " dashboard");
    refuses(
        "error-401-nested-without-envelope.json",
        401,
        Failure.Code.PROVIDER_UNAVAILABLE,
        "HTTP 401 UNAUTHORIZED: Invalid or missing API key");
    refuses(
        "error-401-simple-response-only.json",
        401,
        Failure.Code.PROVIDER_UNAVAILABLE,
        "HTTP 401 Unauthorized");
    refuses(
        "error-404-model-not-found-flat.json",
        404,
        Failure.Code.REJECTED_BY_PROVIDER,
        "HTTP 404 MODEL_NOT_FOUND: The model with slug 'example' does not exist");
    refuses(
        "error-422-validation-unified.json",
        422,
        Failure.Code.REJECTED_BY_PROVIDER,
        "HTTP 422 VALIDATION_ERROR: The input field is required.");
    refuses(
        "error-429-flat.json",
        429,
        Failure.Code.PROVIDER_BUSY,
        "HTTP 429 RATE_LIMIT_EXCEEDED: Too many requests. Please wait before retrying.");
    expectations.put(
        "error-429-headers.json",
        () ->
            assertThat(
                    submit(
                        ScriptedServer.reply(
                            429,
                            Fixtures.text("error-429-flat.json"),
                            Fixtures.headers("error-429-headers.json"))))
                .isInstanceOfSatisfying(
                    Submission.Refused.class,
                    refused -> assertThat(refused.retryAfter()).contains(Duration.ofSeconds(12))));
    unconfirmed("error-500-internal-no-response-field.json", 500, "INTERNAL_ERROR");
    unconfirmed("error-502-get-prediction-failed-unified.json", 502, "PREDICTION_FAILED");
    unconfirmed("error-502-html-not-json.html", 502, "none");
  }

  private void webhooks() {
    webhook(
        "webhook-bare-succeeded.json",
        succeeded(
            "https://cdn.skytells.ai/outputs/pred_abc123/video.mp4", at("2025-01-01T00:02:45Z")));
    webhook(
        "webhook-enveloped-succeeded.json",
        new Prediction.Succeeded(
            new PredictionId("d05b96fc-7fdf-4528-8e61-aa1092f48040"),
            List.of(
                new Output("https://delivery.skytells.cloud/us/2026/03/04/a1b2c3d4-output.png")),
            at("2026-03-04T21:21:02Z"),
            BILLED));
    expectations.put(
        "webhook-signature-vectors.json",
        () ->
            assertThat(SkytellsWebhooksTest.vectors().count())
                .isEqualTo(Fixtures.json("webhook-signature-vectors.json").path("vectors").size()));
  }

  private void accepts(String file, Prediction prediction) {
    expectations.put(
        file,
        () ->
            assertThat(submit(ScriptedServer.json(200, Fixtures.text(file))))
                .isEqualTo(new Submission.Accepted(prediction)));
  }

  private void refuses(String file, int status, Failure.Code code, String diagnostic) {
    expectations.put(
        file,
        () ->
            assertThat(submit(ScriptedServer.json(status, Fixtures.text(file))))
                .isEqualTo(
                    new Submission.Refused(new Failure(code, diagnostic), Optional.empty())));
  }

  private void unconfirmed(String file, int status, String errorId) {
    expectations.put(
        file,
        () ->
            assertThat(submit(ScriptedServer.reply(status, Fixtures.text(file))))
                .isEqualTo(
                    new Submission.Unconfirmed(
                        "HTTP " + status + " error_id=" + errorId + " request_id=none")));
  }

  private void webhook(String file, Prediction prediction) {
    expectations.put(
        file,
        () -> {
          byte[] body = Fixtures.bytes(file);
          var webhooks = new SkytellsWebhooks(List.of(new Secret("whsec")));
          assertThat(
                  webhooks.read(
                      new ByteArrayInputStream(body), Optional.of(Signatures.sign("whsec", body))))
              .isEqualTo(new Reading.Authentic(prediction));
        });
  }

  private static Prediction succeeded(String url, Optional<Instant> completedAt) {
    return new Prediction.Succeeded(ABC, List.of(new Output(url)), completedAt);
  }

  /** One image for 0.03 credits. */
  private static final Billed BILLED =
      new Billed(
          Optional.of(new BigDecimal("0.03")),
          new Quantity(Optional.of(BigDecimal.ONE), Optional.empty(), Optional.empty()));

  private static Optional<Instant> at(String time) {
    return Optional.of(Instant.parse(time));
  }

  private static GenerationOptions options(
      OptionalInt width, OptionalInt height, OptionalInt numOutputs) {
    return new GenerationOptions(
        width,
        height,
        OptionalInt.empty(),
        Optional.empty(),
        numOutputs,
        OptionalLong.empty(),
        OptionalInt.empty());
  }

  private static List<String> names(JsonNode object) {
    return object.propertyStream().map(Map.Entry::getKey).toList();
  }

  /** The body of the create call for the fixtures' prompt. */
  private JsonNode sent(WebhookStyle style, String slug, GenerationOptions options) {
    return sent(
        style,
        new Draft(
            BuiltInModels.bySlug(ModelDocument.withoutVendor(slug)),
            Optional.of(new Prompt("test prompt")),
            options,
            ModelInput.EMPTY,
            Set.of()));
  }

  private JsonNode sent(WebhookStyle style, Draft draft) {
    var built = (Built) new SkytellsInputBuilder(BuiltInModels::schema).build(draft);
    server.next(ScriptedServer.json(200, Fixtures.text("response-create-queued-minimal.json")));
    submit(style, draft.model(), built.input());
    return Fixtures.parse(server.requests().getLast().body());
  }

  private Submission submit(Reply reply) {
    server.always(reply);
    return submit(WebhookStyle.STRING, Generations.IMAGE_MODEL, Generations.INPUT);
  }

  private Submission submit(WebhookStyle style, Model model, ModelInput input) {
    Generation generation = Generations.submitting();
    try (var client = new SkytellsClient(Settings.of(server, style), Clock.systemUTC())) {
      return client.submit(generation.id(), model, input);
    }
  }
}
