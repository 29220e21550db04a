package dev.atelier.skytells.sandbox;

import static dev.atelier.skytells.sandbox.SandboxCaller.JSON;
import static dev.atelier.skytells.sandbox.SandboxCaller.order;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.application.port.MutableClock;
import dev.atelier.application.port.Secret;
import dev.atelier.skytells.sandbox.SandboxCaller.Answered;
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
  void shut() {
    sandbox.close();
    caller.close();
    receiver.close();
  }

  @Test
  void itIsStartedOnceAndForgetsNothingWhenClosed() throws Exception {
    assertThatIllegalStateException().isThrownBy(sandbox::start);
    caller.created(order("a lake"));
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
        Answered created = slowCaller.create(order("a lake"));

        assertThat(created.status()).isEqualTo(202);
        assertThat(created.json().path("status").asText()).isEqualTo("queued");
        assertThat(created.json().path("output").isNull()).isTrue();
        String id = created.json().path("id").asText();
        assertThat(id).startsWith("pred_");
        slowCaller.predictionOnce("processing", id);
        slowCaller.control("POST", "/predictions/" + id + "/finish", "");
        JsonNode done = slowCaller.predictionOnce("succeeded", id);
        assertThat(done.path("output").get(0).asText())
            .isEqualTo(slow.origin() + "/outputs/" + id + "/0.png");
      }
    }
  }

  @Test
  void aPredictionHasTheFieldsOfTheDocumentedObject() throws Exception {
    String id = caller.created(order("a lake"));

    JsonNode prediction = caller.predictionOnce("succeeded", id);

    assertThat(fields(prediction))
        .containsAll(fields(fixture("response-succeeded-full-array")))
        .containsAll(fields(fixture("response-list-bare-array").get(0)));
    assertThat(prediction.path("created_at").asText()).isEqualTo("2026-11-20T10:00:00.000000Z");
    assertThat(prediction.path("completed_at").asText()).isEqualTo("2026-11-20T10:00:00+00:00");
    assertThat(prediction.path("model").path("name").asText()).isEqualTo("truefusion-pro");
  }

  @Test
  void bothNamesOfTheCreateRouteWork() throws Exception {
    assertThat(caller.call("POST", "/predict", order("a lake").toString()).status()).isEqualTo(202);
  }

  @Test
  void theEdgeModelIsFinishedInItsCreateReply() throws Exception {
    Answered created = caller.create(order("a lake").put("model", "truefusion-edge"));

    assertThat(created.json().path("status").asText()).isEqualTo("succeeded");
    assertThat(created.json().path("output")).hasSize(1);
  }

  @Test
  void whoAwaitsGetsTheFinishedPrediction() throws Exception {
    Answered created = caller.create(order("a lake").put("await", true));

    assertThat(created.json().path("status").asText()).isEqualTo("succeeded");
  }

  @Test
  void aVendorMayStandBeforeTheModel() throws Exception {
    Answered created = caller.create(order("a lake").put("model", "skytells/TrueFusion-Pro"));

    assertThat(created.json().path("model").path("name").asText()).isEqualTo("truefusion-pro");
  }

  @Test
  void aWrongKeyIsRefused() throws Exception {
    try (var stranger = new SandboxCaller(sandbox::origin, "sk-wrong")) {
      Answered answered = stranger.get("/models");

      assertThat(answered.status()).isEqualTo(401);
      assertThat(answered.json().path("status").asBoolean(true)).isFalse();
      assertThat(answered.errorId()).isEqualTo("UNAUTHORIZED");
    }
  }

  @Test
  void modelAndInputAndPromptAreRequired() throws Exception {
    ObjectNode noModel = order("a lake");
    noModel.remove("model");
    ObjectNode noInput = order("a lake");
    noInput.remove("input");
    ObjectNode noPrompt = order("a lake");
    noPrompt.putObject("input");

    for (ObjectNode order : List.of(noModel, noInput, noPrompt)) {
      Answered answered = caller.create(order);
      assertThat(answered.status()).isEqualTo(422);
      assertThat(answered.errorId()).isEqualTo("VALIDATION_ERROR");
    }
    assertThat(sandbox.predictions()).isEmpty();
  }

  @Test
  void whatIsOutOfRangeIsRefused() throws Exception {
    for (String option : List.of("width", "height", "num_outputs", "seed", "duration_seconds")) {
      ObjectNode order = order("a lake");
      ((ObjectNode) order.path("input")).put(option, -1);

      Answered answered = caller.create(order);

      assertThat(answered.status()).as(option).isEqualTo(422);
      assertThat(answered.errorId()).isEqualTo("INVALID_INPUT");
    }
  }

  @Test
  void aForbiddenWordBreaksTheContentPolicy() throws Exception {
    Answered answered = caller.create(order("something NSFW"));

    assertThat(answered.status()).isEqualTo(451);
    assertThat(answered.errorId()).isEqualTo("CONTENT_POLICY_VIOLATION");
  }

  @Test
  void anUnknownModelIsNotFound() throws Exception {
    Answered answered = caller.create(order("a lake").put("model", "dall-e"));

    assertThat(answered.status()).isEqualTo(404);
    assertThat(answered.json().path("error_id").asText()).isEqualTo("MODEL_NOT_FOUND");
  }

  @Test
  void anUnknownPredictionIsABadGateway() throws Exception {
    Answered answered = caller.get("/predictions/pred_nobody");

    assertThat(answered.status()).isEqualTo(502);
    assertThat(answered.json().path("status").asBoolean(true)).isFalse();
    assertThat(answered.json().path("response").asText()).isEqualTo("Error fetching prediction");
  }

  @Test
  void theEndIsReportedOnceAndSigned() throws Exception {
    ObjectNode order = order("a lake").put("webhook", receiver.url().toString());
    order.putArray("webhook_events_filter").add("completed");
    String id = caller.created(order);

    Received webhook = receiver.next();

    assertThat(webhook.signature()).isEqualTo(Signatures.hex(WEBHOOK_SECRET, webhook.body()));
    JsonNode body = JSON.readTree(webhook.body());
    assertThat(fields(body)).isEqualTo(fields(fixture("webhook-bare-succeeded")));
    assertThat(body.path("id").asText()).isEqualTo(id);
    assertThat(body.path("status").asText()).isEqualTo("succeeded");
    assertThat(body.path("model").asText()).isEqualTo("truefusion-pro");
    assertThat(receiver.within(200)).isEmpty();
  }

  @Test
  void theObjectStyleOfAWebhookWorksToo() throws Exception {
    ObjectNode order = order("a lake");
    order
        .putObject("webhook")
        .put("url", receiver.url().toString())
        .putArray("events")
        .add("started")
        .add("completed");
    caller.created(order);

    assertThat(List.of(receiver.next().status(), receiver.next().status()))
        .containsExactlyInAnyOrder("processing", "succeeded");
  }

  @Test
  void aReceiverThatRefusesIsNotAskedAgain() throws Exception {
    receiver.answerWith(503);
    caller.created(order("a lake").put("webhook", receiver.url().toString()));

    receiver.next();

    assertThat(receiver.within(300)).isEmpty();
    assertThat(delivery().answer()).hasValue(503);
  }

  @Test
  void aReceiverThatIsNotThereIsRecorded() throws Exception {
    int closed;
    try (var socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    caller.created(order("a lake").put("webhook", "http://127.0.0.1:" + closed + "/hook"));

    assertThat(delivery())
        .isEqualTo(new SandboxPrediction.Delivery("succeeded", OptionalInt.empty()));
  }

  @Test
  void outputsAreDifferentPicturesOfTheAskedSize() throws Exception {
    ObjectNode order = order("a lake");
    ((ObjectNode) order.path("input")).put("width", 320).put("num_outputs", 3);
    JsonNode done = caller.predictionOnce("succeeded", caller.created(order));

    Set<String> different = new TreeSet<>();
    for (JsonNode url : done.path("output")) {
      HttpResponse<byte[]> file = caller.download(url.asText());
      assertThat(file.headers().firstValue("Content-Type")).contains("image/png");
      BufferedImage picture = ImageIO.read(new ByteArrayInputStream(file.body()));
      assertThat(picture.getWidth()).isEqualTo(320);
      assertThat(picture.getHeight()).isEqualTo(256);
      different.add(HexFormat.of().formatHex(file.body()));
    }

    assertThat(different).hasSize(3);
    assertThat(sandbox.predictions().getFirst().outputDownloads()).isEqualTo(3);
  }

  @Test
  void theSamePromptAndSeedGiveTheSamePicture() throws Exception {
    ObjectNode order = order("a lake");
    ((ObjectNode) order.path("input")).put("seed", 7);

    assertThat(picture(order)).isEqualTo(picture(order));
    ((ObjectNode) order.path("input")).put("seed", 8);
    byte[] other = picture(order);
    ((ObjectNode) order.path("input")).put("seed", 7);
    assertThat(picture(order)).isNotEqualTo(other);
  }

  @Test
  void aVideoModelMakesAClip() throws Exception {
    ObjectNode order = JSON.createObjectNode().put("model", "truefusion-video");
    order.putObject("input").put("prompt", "a wave").put("duration_seconds", 5);
    JsonNode done = caller.predictionOnce("succeeded", caller.created(order));

    HttpResponse<byte[]> file = caller.download(done.path("output").get(0).asText());

    assertThat(file.headers().firstValue("Content-Type")).contains("video/mp4");
    assertThat(new String(file.body(), 4, 8, UTF_8)).isEqualTo("ftypisom");
    assertThat(file.body()).hasSizeLessThan(200_000);
  }

  @Test
  void outputsAreGoneAfterFiveMinutes() throws Exception {
    JsonNode done = caller.predictionOnce("succeeded", caller.created(order("a lake")));
    String url = done.path("output").get(0).asText();
    clock.advance(Duration.ofMinutes(5).minusMillis(1));
    assertThat(caller.download(url).statusCode()).isEqualTo(200);

    clock.advance(Duration.ofMillis(1));

    HttpResponse<byte[]> gone = caller.download(url);
    assertThat(gone.statusCode()).isEqualTo(404);
    assertThat(new String(gone.body(), UTF_8)).doesNotContain("<");
  }

  @Test
  void aRunningPredictionCanBeCalledOff() throws Exception {
    ObjectNode order = order("[work:stuck]").put("webhook", receiver.url().toString());
    String id = caller.created(order);

    Answered canceled = caller.call("POST", "/predictions/" + id + "/cancel", "");

    assertThat(canceled.status()).isEqualTo(200);
    assertThat(canceled.json()).isEqualTo(fixture("response-cancel-endpoint-success"));
    assertThat(caller.prediction(id).path("status").asText()).isEqualTo("canceled");
    assertThat(receiver.next().status()).isEqualTo("canceled");
  }

  @Test
  void whatHasEndedCannotBeCalledOff() throws Exception {
    String id = caller.created(order("a lake").put("model", "truefusion-edge"));

    Answered answered = caller.call("POST", "/predictions/" + id + "/cancel", "");

    assertThat(answered.status()).isEqualTo(400);
    assertThat(caller.prediction(id).path("status").asText()).isEqualTo("succeeded");
  }

  @Test
  void bothFormsOfDeleteRemoveThePredictionAndItsOutputs() throws Exception {
    for (String form : List.of("", "/delete")) {
      Answered created = caller.create(order("a lake").put("model", "truefusion-edge"));
      String id = created.json().path("id").asText();
      String url = created.json().path("output").get(0).asText();
      assertThat(caller.download(url).statusCode()).isEqualTo(200);

      Answered deleted = caller.call("DELETE", "/predictions/" + id + form, "");

      assertThat(deleted.json()).isEqualTo(fixture("response-delete-endpoint-success"));
      assertThat(caller.get("/predictions/" + id).status()).isEqualTo(502);
      assertThat(caller.download(url).statusCode()).isEqualTo(404);
      assertThat(caller.get("/predictions").json().path("data")).isEmpty();
    }
    assertThat(sandbox.predictions()).as("sold all the same").hasSize(2);
  }

  @Test
  void theListIsPagedNewestFirst() throws Exception {
    String first = caller.created(order("one").put("webhook", receiver.url().toString()));
    String second = caller.created(order("two"));
    String third = caller.created(order("three"));

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
    String failed = caller.created(order("[work:fail]"));
    caller.predictionOnce("failed", failed);
    clock.advance(Duration.ofDays(1));
    String edge = caller.created(order("a lake").put("model", "truefusion-edge"));

    assertThat(listed("?status=failed")).containsExactly(failed);
    assertThat(listed("?model=truefusion-edge")).containsExactly(edge);
    assertThat(listed("?from=2026-11-21")).containsExactly(edge);
    assertThat(listed("?to=2026-11-20")).containsExactly(failed);
    assertThat(listed("?from=2026-11-20&to=2026-11-21")).containsExactly(edge, failed);
  }

  @Test
  void aListThatMakesNoSenseIsRefused() throws Exception {
    assertThat(caller.get("/predictions?from=yesterday").errorId())
        .isEqualTo("INVALID_DATE_FORMAT");
    assertThat(caller.get("/predictions?from=2026-11-21&to=2026-11-20").errorId())
        .isEqualTo("INVALID_DATE_RANGE");
    assertThat(caller.get("/predictions?per_page=51").errorId()).isEqualTo("INVALID_PARAMETER");
    assertThat(caller.get("/predictions?page=x").errorId()).isEqualTo("INVALID_PARAMETER");
  }

  @Test
  void whoAsksTooOftenIsToldToWait() throws Exception {
    try (var strict = sandbox(Duration.ofMillis(100), 2)) {
      strict.start();
      try (var eager = new SandboxCaller(strict::origin, API_KEY)) {
        Answered first = eager.get("/models");
        assertThat(first.header("x-skytells-ratelimit-limit-requests")).isEqualTo("2");
        assertThat(first.header("x-skytells-ratelimit-remaining-requests")).isEqualTo("1");
        assertThat(first.header("X-RateLimit-Limit-RPM")).isEqualTo("2");
        assertThat(first.header("X-RateLimit-Remaining-RPM")).isEqualTo("1");
        assertThat(first.header("X-RateLimit-Reset")).isEqualTo("1795168860");
        assertThat(eager.get("/models").status()).isEqualTo(200);
        clock.advance(Duration.ofSeconds(48));

        Answered third = eager.get("/models");

        assertThat(third.status()).isEqualTo(429);
        assertThat(third.json()).isEqualTo(fixture("error-429-flat"));
        assertThat(third.header("Retry-After")).isEqualTo("12");
        assertThat(third.header("x-skytells-ratelimit-limit-requests")).isEqualTo("(none)");
        clock.advance(Duration.ofSeconds(12));
        assertThat(eager.get("/models").status()).isEqualTo(200);
      }
    }
  }

  @Test
  void aLimitThatIsNotSetIsADash() throws Exception {
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
            "truefusion-video-pro");
    for (JsonNode model : models) {
      assertThat(fields(model)).isEqualTo(fields(fixture("response-model")));
    }
  }

  @Test
  void aModelTellsItsSchemasWhenAsked() throws Exception {
    assertThat(caller.get("/models/truefusion").json().has("input_schema")).isFalse();

    JsonNode model = caller.get("/models/truefusion?fields=input_schema%2Coutput_schema").json();

    assertThat(model.path("input_schema").path("required").get(0).asText()).isEqualTo("prompt");
    assertThat(model.path("output_schema").path("type").asText()).isEqualTo("array");
    assertThat(caller.get("/models/dall-e").status()).isEqualTo(404);
  }

  @Test
  void theControlRouteTellsWhatTheViewTells() throws Exception {
    String id = caller.created(order("a lake").put("webhook", receiver.url().toString()));
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
  void aTestMayDecideWhenAPredictionEnds() throws Exception {
    try (var slow = sandbox(Duration.ofHours(1))) {
      slow.start();
      try (var hasty = new SandboxCaller(slow::origin, API_KEY)) {
        String id = hasty.created(order("a lake").put("webhook", receiver.url().toString()));

        Answered finished = hasty.control("POST", "/predictions/" + id + "/finish", "");

        assertThat(finished.json().path("status").asText()).isEqualTo("succeeded");
        assertThat(hasty.prediction(id).path("status").asText()).isEqualTo("succeeded");
        assertThat(receiver.next().status()).isEqualTo("succeeded");
        assertThat(hasty.control("POST", "/predictions/pred_nobody/finish", "").status())
            .isEqualTo(404);
      }
    }
  }

  /** The delivery of the only prediction, as soon as there is one. */
  private SandboxPrediction.Delivery delivery() {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (System.nanoTime() < deadline) {
      List<SandboxPrediction.Delivery> deliveries = sandbox.predictions().getFirst().deliveries();
      if (!deliveries.isEmpty()) {
        return deliveries.getFirst();
      }
      Thread.onSpinWait();
    }
    throw new AssertionError("never delivered");
  }

  private byte[] picture(ObjectNode order) throws Exception {
    JsonNode done = caller.predictionOnce("succeeded", caller.created(order));
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

  private static JsonNode fixture(String name) throws IOException {
    try (var json =
        SandboxIT.class.getResourceAsStream(
            "/dev/atelier/skytells/client/fixtures/" + name + ".json")) {
      return JSON.readTree(json);
    }
  }
}
