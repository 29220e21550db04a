package dev.atelier.skytells.sandbox;

import static dev.atelier.skytells.sandbox.SandboxCaller.JSON;
import static dev.atelier.skytells.sandbox.SandboxCaller.createBody;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.application.port.MutableClock;
import dev.atelier.application.port.Secret;
import dev.atelier.skytells.client.Fixtures;
import dev.atelier.skytells.sandbox.SandboxCaller.Reply;
import dev.atelier.skytells.sandbox.WebhookReceiver.Received;
import dev.atelier.skytells.sandbox.api.SandboxPrediction;
import dev.atelier.skytells.sandbox.api.SandboxSettings;
import dev.atelier.skytells.sandbox.fault.SandboxFaults;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SandboxIT {
  private static final String API_KEY = "sk-test";
  private static final String WEBHOOK_SECRET = "whsec_test";

  private final MutableClock clock = new MutableClock();
  private final Sandbox sandbox = sandbox(Duration.ofMillis(100));
  private final SandboxCaller caller = new SandboxCaller(sandbox::origin, API_KEY);
  private final WebhookReceiver receiver = new WebhookReceiver();

  SandboxIT() throws IOException {}

  private Sandbox sandbox(Duration workTime) {
    return sandbox(workTime, 0);
  }

  private Sandbox sandbox(Duration workTime, int requestsPerMinute) {
    return new Sandbox(
        new SandboxSettings(
            0,
            new Secret(API_KEY),
            new Secret(WEBHOOK_SECRET),
            workTime,
            SandboxSettings.RETENTION,
            requestsPerMinute,
            SandboxFaults.NONE),
        clock);
  }

  @BeforeEach
  void open() {
    sandbox.start();
  }

  @AfterEach
  void close() {
    sandbox.close();
    caller.close();
    receiver.close();
  }

  @Test
  void itStartsOnceAndKeepsPredictionsAfterClose() throws Exception {
    assertThatIllegalStateException().isThrownBy(sandbox::start);
    caller.createAccepted(createBody("a lake"));
    String address = sandbox.baseUrl() + "/models";

    sandbox.close();

    assertThat(sandbox.predictions()).hasSize(1);
    assertThatIllegalStateException().isThrownBy(sandbox::baseUrl);
    assertThatIOException().isThrownBy(() -> caller.download(address));
  }

  @Test
  void aPredictionIsQueuedThenProcessedThenSucceeds() throws Exception {
    try (var slow = sandbox(Duration.ofSeconds(10))) {
      slow.start();
      try (var slowCaller = new SandboxCaller(slow::origin, API_KEY)) {
        Reply created = slowCaller.create(createBody("a lake"));

        assertThat(created.status()).isEqualTo(202);
        assertThat(created.json().path("status").asText()).isEqualTo("queued");
        assertThat(created.json().path("output").isNull()).isTrue();
        String id = created.json().path("id").asText();
        assertThat(id).startsWith("pred_");
        slowCaller.awaitStatus("processing", id);
        slowCaller.admin("POST", "/predictions/" + id + "/finish", "");
        JsonNode done = slowCaller.awaitStatus("succeeded", id);
        assertThat(done.path("output").get(0).asText())
            .isEqualTo(slow.origin() + "/outputs/" + id + "/0.png");
      }
    }
  }

  @Test
  void aPredictionHasTheFieldsOfTheDocumentedObject() throws Exception {
    String id = caller.createAccepted(createBody("a lake"));

    JsonNode prediction = caller.awaitStatus("succeeded", id);

    assertThat(fields(prediction))
        .containsAll(fields(fixture("response-succeeded-full-array")))
        .containsAll(fields(fixture("response-list-bare-array").get(0)));
    assertThat(prediction.path("created_at").asText()).isEqualTo("2026-11-20T10:00:00.000000Z");
    assertThat(prediction.path("completed_at").asText()).isEqualTo("2026-11-20T10:00:00+00:00");
    assertThat(prediction.path("model").path("name").asText()).isEqualTo("truefusion-pro");
  }

  @Test
  void bothNamesOfTheCreateRouteWork() throws Exception {
    assertThat(caller.call("POST", "/predict", createBody("a lake").toString()).status())
        .isEqualTo(202);
  }

  @Test
  void theEdgeModelFinishesInTheCreateResponse() throws Exception {
    Reply created = caller.create(createBody("a lake").put("model", "truefusion-edge"));

    assertThat(created.json().path("status").asText()).isEqualTo("succeeded");
    assertThat(created.json().path("output")).hasSize(1);
  }

  @Test
  void awaitReturnsTheFinishedPrediction() throws Exception {
    Reply created = caller.create(createBody("a lake").put("await", true));

    assertThat(created.json().path("status").asText()).isEqualTo("succeeded");
  }

  @Test
  void theModelMayHaveAVendorPrefix() throws Exception {
    Reply created = caller.create(createBody("a lake").put("model", "skytells/TrueFusion-Pro"));

    assertThat(created.json().path("model").path("name").asText()).isEqualTo("truefusion-pro");
  }

  @Test
  void aWrongKeyIsRefused() throws Exception {
    try (var unauthorized = new SandboxCaller(sandbox::origin, "sk-wrong")) {
      Reply reply = unauthorized.get("/models");

      assertThat(reply.status()).isEqualTo(401);
      assertThat(reply.json().path("status").asBoolean(true)).isFalse();
      assertThat(reply.errorId()).isEqualTo("UNAUTHORIZED");
    }
  }

  @Test
  void modelAndInputAndPromptAreRequired() throws Exception {
    ObjectNode noModel = createBody("a lake");
    noModel.remove("model");
    ObjectNode noInput = createBody("a lake");
    noInput.remove("input");
    ObjectNode noPrompt = createBody("a lake");
    noPrompt.putObject("input");

    for (ObjectNode body : List.of(noModel, noInput, noPrompt)) {
      Reply reply = caller.create(body);
      assertThat(reply.status()).isEqualTo(422);
      assertThat(reply.errorId()).isEqualTo("VALIDATION_ERROR");
    }
    assertThat(sandbox.predictions()).isEmpty();
  }

  @Test
  void outOfRangeOptionsAreRefused() throws Exception {
    for (String option : List.of("width", "height", "num_outputs", "seed", "duration_seconds")) {
      ObjectNode body = createBody("a lake");
      ((ObjectNode) body.path("input")).put(option, -1);

      Reply reply = caller.create(body);

      assertThat(reply.status()).as(option).isEqualTo(422);
      assertThat(reply.errorId()).isEqualTo("INVALID_INPUT");
    }
  }

  @Test
  void aForbiddenWordIsRefusedWith451() throws Exception {
    Reply reply = caller.create(createBody("something NSFW"));

    assertThat(reply.status()).isEqualTo(451);
    assertThat(reply.errorId()).isEqualTo("CONTENT_POLICY_VIOLATION");
  }

  @Test
  void anUnknownModelIsNotFound() throws Exception {
    Reply reply = caller.create(createBody("a lake").put("model", "dall-e"));

    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.json().path("error_id").asText()).isEqualTo("MODEL_NOT_FOUND");
  }

  @Test
  void anUnknownPredictionIsAnswered502() throws Exception {
    Reply reply = caller.get("/predictions/pred_nobody");

    assertThat(reply.status()).isEqualTo(502);
    assertThat(reply.json().path("status").asBoolean(true)).isFalse();
    assertThat(reply.json().path("response").asText()).isEqualTo("Error fetching prediction");
  }

  @Test
  void oneSignedWebhookReportsTheEnd() throws Exception {
    ObjectNode body = createBody("a lake").put("webhook", receiver.url().toString());
    body.putArray("webhook_events_filter").add("completed");
    String id = caller.createAccepted(body);

    Received webhook = receiver.next();

    assertThat(webhook.signature()).isEqualTo(Signatures.sign(WEBHOOK_SECRET, webhook.body()));
    JsonNode prediction = JSON.readTree(webhook.body());
    assertThat(fields(prediction)).isEqualTo(fields(fixture("webhook-bare-succeeded")));
    assertThat(prediction.path("id").asText()).isEqualTo(id);
    assertThat(prediction.path("status").asText()).isEqualTo("succeeded");
    assertThat(prediction.path("model").asText()).isEqualTo("truefusion-pro");
    assertThat(receiver.poll(200)).isEmpty();
  }

  @Test
  void theObjectStyleOfWebhooksIsSupported() throws Exception {
    ObjectNode body = createBody("a lake");
    body.putObject("webhook")
        .put("url", receiver.url().toString())
        .putArray("events")
        .add("started")
        .add("completed");
    caller.createAccepted(body);

    assertThat(List.of(receiver.next().status(), receiver.next().status()))
        .containsExactlyInAnyOrder("processing", "succeeded");
  }

  @Test
  void aRefusedWebhookIsNotRetried() throws Exception {
    receiver.answerWith(503);
    caller.createAccepted(createBody("a lake").put("webhook", receiver.url().toString()));

    receiver.next();

    assertThat(receiver.poll(300)).isEmpty();
    assertThat(delivery().answer()).hasValue(503);
  }

  @Test
  void aFailedDeliveryIsRecorded() throws Exception {
    int closed;
    try (var socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    caller.createAccepted(
        createBody("a lake").put("webhook", "http://127.0.0.1:" + closed + "/hook"));

    assertThat(delivery())
        .isEqualTo(new SandboxPrediction.Delivery("succeeded", OptionalInt.empty()));
  }

  @Test
  void outputsAreDifferentImagesOfTheRequestedSize() throws Exception {
    ObjectNode body = createBody("a lake");
    ((ObjectNode) body.path("input")).put("width", 320).put("num_outputs", 3);
    JsonNode done = caller.awaitStatus("succeeded", caller.createAccepted(body));

    Set<String> distinct = new TreeSet<>();
    for (JsonNode url : done.path("output")) {
      HttpResponse<byte[]> file = caller.download(url.asText());
      assertThat(file.headers().firstValue("Content-Type")).contains("image/png");
      BufferedImage picture = ImageIO.read(new ByteArrayInputStream(file.body()));
      assertThat(picture.getWidth()).isEqualTo(320);
      assertThat(picture.getHeight()).isEqualTo(256);
      distinct.add(HexFormat.of().formatHex(file.body()));
    }

    assertThat(distinct).hasSize(3);
    assertThat(sandbox.predictions().getFirst().outputDownloads()).isEqualTo(3);
  }

  @Test
  void theSamePromptAndSeedGiveTheSameImage() throws Exception {
    ObjectNode body = createBody("a lake");
    ((ObjectNode) body.path("input")).put("seed", 7);

    assertThat(picture(body)).isEqualTo(picture(body));
    ((ObjectNode) body.path("input")).put("seed", 8);
    byte[] other = picture(body);
    ((ObjectNode) body.path("input")).put("seed", 7);
    assertThat(picture(body)).isNotEqualTo(other);
  }

  @Test
  void aVideoModelReturnsAClip() throws Exception {
    ObjectNode body = JSON.createObjectNode().put("model", "truefusion-video");
    body.putObject("input").put("prompt", "a wave").put("duration_seconds", 5);
    JsonNode done = caller.awaitStatus("succeeded", caller.createAccepted(body));

    HttpResponse<byte[]> file = caller.download(done.path("output").get(0).asText());

    assertThat(file.headers().firstValue("Content-Type")).contains("video/mp4");
    assertThat(new String(file.body(), 4, 8, UTF_8)).isEqualTo("ftypisom");
    assertThat(file.body()).hasSizeLessThan(200_000);
  }

  @Test
  void outputsExpireAfterFiveMinutes() throws Exception {
    JsonNode done = caller.awaitStatus("succeeded", caller.createAccepted(createBody("a lake")));
    String url = done.path("output").get(0).asText();
    clock.advance(Duration.ofMinutes(5).minusMillis(1));
    assertThat(caller.download(url).statusCode()).isEqualTo(200);

    clock.advance(Duration.ofMillis(1));

    HttpResponse<byte[]> expired = caller.download(url);
    assertThat(expired.statusCode()).isEqualTo(404);
    assertThat(new String(expired.body(), UTF_8)).doesNotContain("<");
  }

  @Test
  void aRunningPredictionCanBeCanceled() throws Exception {
    ObjectNode body = createBody("[work:stuck]").put("webhook", receiver.url().toString());
    String id = caller.createAccepted(body);

    Reply canceled = caller.call("POST", "/predictions/" + id + "/cancel", "");

    assertThat(canceled.status()).isEqualTo(200);
    assertThat(canceled.json()).isEqualTo(fixture("response-cancel-endpoint-success"));
    assertThat(caller.prediction(id).path("status").asText()).isEqualTo("canceled");
    assertThat(receiver.next().status()).isEqualTo("canceled");
  }

  @Test
  void anEndedPredictionCannotBeCanceled() throws Exception {
    String id = caller.createAccepted(createBody("a lake").put("model", "truefusion-edge"));

    Reply reply = caller.call("POST", "/predictions/" + id + "/cancel", "");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(caller.prediction(id).path("status").asText()).isEqualTo("succeeded");
  }

  @Test
  void bothDeleteRoutesRemoveThePredictionAndItsOutputs() throws Exception {
    for (String form : List.of("", "/delete")) {
      Reply created = caller.create(createBody("a lake").put("model", "truefusion-edge"));
      String id = created.json().path("id").asText();
      String url = created.json().path("output").get(0).asText();
      assertThat(caller.download(url).statusCode()).isEqualTo(200);

      Reply deleted = caller.call("DELETE", "/predictions/" + id + form, "");

      assertThat(deleted.json()).isEqualTo(fixture("response-delete-endpoint-success"));
      assertThat(caller.get("/predictions/" + id).status()).isEqualTo(502);
      assertThat(caller.download(url).statusCode()).isEqualTo(404);
      assertThat(caller.get("/predictions").json().path("data")).isEmpty();
    }
    assertThat(sandbox.predictions()).as("deleted predictions are kept").hasSize(2);
  }

  @Test
  void theListIsPagedNewestFirst() throws Exception {
    String first =
        caller.createAccepted(createBody("one").put("webhook", receiver.url().toString()));
    String second = caller.createAccepted(createBody("two"));
    String third = caller.createAccepted(createBody("three"));

    JsonNode page = caller.get("/predictions?per_page=2").json();
    JsonNode last = caller.get("/predictions?per_page=2&page=2").json();

    assertThat(ids(page)).containsExactly(third, second);
    assertThat(ids(last)).containsExactly(first);
    assertThat(last.path("data").get(0).path("webhook").path("url").asText())
        .isEqualTo(receiver.url().toString());
    assertThat(page.path("pagination").toString())
        .isEqualTo("{\"current_page\":1,\"per_page\":2,\"total\":3,\"last_page\":2}");
  }

  @Test
  void theListIsFilteredByModelStatusAndDay() throws Exception {
    String failed = caller.createAccepted(createBody("[work:fail]"));
    caller.awaitStatus("failed", failed);
    clock.advance(Duration.ofDays(1));
    String edge = caller.createAccepted(createBody("a lake").put("model", "truefusion-edge"));

    assertThat(listed("?status=failed")).containsExactly(failed);
    assertThat(listed("?model=truefusion-edge")).containsExactly(edge);
    assertThat(listed("?from=2026-11-21")).containsExactly(edge);
    assertThat(listed("?to=2026-11-20")).containsExactly(failed);
    assertThat(listed("?from=2026-11-20&to=2026-11-21")).containsExactly(edge, failed);
  }

  @Test
  void invalidListParametersAreRefused() throws Exception {
    assertThat(caller.get("/predictions?from=yesterday").errorId())
        .isEqualTo("INVALID_DATE_FORMAT");
    assertThat(caller.get("/predictions?from=2026-11-21&to=2026-11-20").errorId())
        .isEqualTo("INVALID_DATE_RANGE");
    assertThat(caller.get("/predictions?per_page=51").errorId()).isEqualTo("INVALID_PARAMETER");
    assertThat(caller.get("/predictions?page=x").errorId()).isEqualTo("INVALID_PARAMETER");
  }

  @Test
  void requestsBeyondTheRateLimitAreRefused() throws Exception {
    try (var limited = sandbox(Duration.ofMillis(100), 2)) {
      limited.start();
      try (var limitedCaller = new SandboxCaller(limited::origin, API_KEY)) {
        Reply first = limitedCaller.get("/models");
        assertThat(first.header("x-skytells-ratelimit-limit-requests")).isEqualTo("2");
        assertThat(first.header("x-skytells-ratelimit-remaining-requests")).isEqualTo("1");
        assertThat(first.header("X-RateLimit-Limit-RPM")).isEqualTo("2");
        assertThat(first.header("X-RateLimit-Remaining-RPM")).isEqualTo("1");
        assertThat(first.header("X-RateLimit-Reset")).isEqualTo("1795168860");
        assertThat(limitedCaller.get("/models").status()).isEqualTo(200);
        clock.advance(Duration.ofSeconds(48));

        Reply third = limitedCaller.get("/models");

        assertThat(third.status()).isEqualTo(429);
        assertThat(third.json()).isEqualTo(fixture("error-429-flat"));
        assertThat(third.header("Retry-After")).isEqualTo("12");
        assertThat(third.header("x-skytells-ratelimit-limit-requests")).isEqualTo("(none)");
        clock.advance(Duration.ofSeconds(12));
        assertThat(limitedCaller.get("/models").status()).isEqualTo(200);
      }
    }
  }

  @Test
  void anUnsetRateLimitIsADash() throws Exception {
    assertThat(caller.get("/models").header("x-skytells-ratelimit-limit-requests")).isEqualTo("-");
  }

  @Test
  void modelsAreListedInTheDocumentedShape() throws Exception {
    JsonNode models = caller.get("/models").json();

    assertThat(models.valueStream().map(model -> model.path("namespace").asText()))
        .containsExactly(
            "truefusion",
            "truefusion-pro",
            "truefusion-edge",
            "truefusion-2.0",
            "truefusion-video",
            "truefusion-video-pro",
            "imagen-4",
            "flux-2-flex",
            "lumo",
            "beatfusion-2.0",
            "gpt-5");
    for (JsonNode model : models) {
      assertThat(fields(model)).isEqualTo(fields(fixture("response-model")));
    }
  }

  @Test
  void aModelIncludesSchemasOnRequest() throws Exception {
    assertThat(caller.get("/models/truefusion").json().has("input_schema")).isFalse();

    JsonNode model = caller.get("/models/truefusion?fields=input_schema%2Coutput_schema").json();

    assertThat(model.path("input_schema").path("required").get(0).asText()).isEqualTo("prompt");
    assertThat(model.path("output_schema").path("type").asText()).isEqualTo("array");
    assertThat(caller.get("/models/dall-e").status()).isEqualTo(404);
  }

  @Test
  void theAdminRouteReturnsThePredictions() throws Exception {
    String id =
        caller.createAccepted(createBody("a lake").put("webhook", receiver.url().toString()));
    delivery();

    HttpResponse<byte[]> answer = caller.download(sandbox.origin() + "/_sandbox/predictions");

    JsonNode entry = JSON.readTree(answer.body()).get(0);
    assertThat(entry.path("id").asText()).isEqualTo(id);
    assertThat(entry.path("status").asText()).isEqualTo("succeeded");
    assertThat(entry.path("webhook").asText()).isEqualTo(receiver.url().toString());
    assertThat(entry.path("outputDownloads").asInt()).isZero();
    assertThat(entry.path("deliveries").get(0).path("answer").asInt()).isEqualTo(200);
  }

  @Test
  void theAdminRouteFinishesAPrediction() throws Exception {
    try (var slow = sandbox(Duration.ofHours(1))) {
      slow.start();
      try (var slowCaller = new SandboxCaller(slow::origin, API_KEY)) {
        String id =
            slowCaller.createAccepted(
                createBody("a lake").put("webhook", receiver.url().toString()));

        Reply finished = slowCaller.admin("POST", "/predictions/" + id + "/finish", "");

        assertThat(finished.json().path("status").asText()).isEqualTo("succeeded");
        assertThat(slowCaller.prediction(id).path("status").asText()).isEqualTo("succeeded");
        assertThat(receiver.next().status()).isEqualTo("succeeded");
        assertThat(slowCaller.admin("POST", "/predictions/pred_nobody/finish", "").status())
            .isEqualTo(404);
      }
    }
  }

  /** Waits for the delivery of the only prediction. */
  private SandboxPrediction.Delivery delivery() {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (System.nanoTime() < deadline) {
      List<SandboxPrediction.Delivery> deliveries = sandbox.predictions().getFirst().deliveries();
      if (!deliveries.isEmpty()) {
        return deliveries.getFirst();
      }
      Thread.onSpinWait();
    }
    throw new AssertionError("no delivery in time");
  }

  private byte[] picture(ObjectNode body) throws Exception {
    JsonNode done = caller.awaitStatus("succeeded", caller.createAccepted(body));
    return caller.download(done.path("output").get(0).asText()).body();
  }

  private List<String> listed(String query) throws Exception {
    return ids(caller.get("/predictions" + query).json());
  }

  private static List<String> ids(JsonNode page) {
    return page.path("data").valueStream().map(entry -> entry.path("id").asText()).toList();
  }

  private static Set<String> fields(JsonNode object) {
    var names = new TreeSet<String>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static JsonNode fixture(String name) {
    return Fixtures.json(name + ".json");
  }
}
