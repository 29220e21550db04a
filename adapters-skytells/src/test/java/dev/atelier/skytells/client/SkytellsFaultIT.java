package dev.atelier.skytells.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.application.port.Outputs.Fetch;
import dev.atelier.application.port.Outputs.RejectedException;
import dev.atelier.application.port.Predictions.Cancellation;
import dev.atelier.application.port.Predictions.Deletion;
import dev.atelier.application.port.Predictions.Entry;
import dev.atelier.application.port.Predictions.Filter;
import dev.atelier.application.port.Predictions.Listing;
import dev.atelier.application.port.Predictions.LookupResult;
import dev.atelier.application.port.Predictions.Submission;
import dev.atelier.application.port.Predictions.Tries;
import dev.atelier.application.port.Predictions.Unavailable;
import dev.atelier.application.port.Predictions.Unavailable.Extent;
import dev.atelier.application.port.Secret;
import dev.atelier.application.port.Webhooks.Reading;
import dev.atelier.domain.Failure;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Generations;
import dev.atelier.domain.MediaType;
import dev.atelier.domain.ModelInput;
import dev.atelier.domain.Output;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.skytells.output.OutputHosts;
import dev.atelier.skytells.output.OutputLimits;
import dev.atelier.skytells.output.SkytellsOutputs;
import dev.atelier.skytells.sandbox.Sandbox;
import dev.atelier.skytells.sandbox.Sandboxes;
import dev.atelier.skytells.sandbox.WebhookReceiver;
import dev.atelier.skytells.sandbox.WebhookReceiver.Received;
import dev.atelier.skytells.sandbox.api.SandboxPrediction;
import dev.atelier.skytells.sandbox.fault.SandboxFault;
import dev.atelier.skytells.webhook.SkytellsWebhooks;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests how the adapter handles every fault of the sandbox. */
class SkytellsFaultIT {
  private static final String SECRET = "whsec";
  private static final String REASON = "The model could not finish this prediction.";
  private static final OutputLimits LIMITS =
      new OutputLimits(
          1_000_000,
          2_000_000,
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10));
  private static final OutputLimits IMPATIENT =
      new OutputLimits(
          1_000_000,
          2_000_000,
          Duration.ofSeconds(5),
          Duration.ofMillis(200),
          Duration.ofSeconds(10));

  private final Sandbox sandbox =
      Sandboxes.started(Settings.API_KEY, SECRET, Duration.ofMillis(100));
  private final WebhookReceiver receiver = new WebhookReceiver();
  private final SkytellsClient client = client(Settings.QUICK);
  private final GenerationId generation = new GenerationId(UUID.randomUUID());

  SkytellsFaultIT() throws IOException {}

  private SkytellsClient client(SkytellsSettings.Retries retries) {
    return new SkytellsClient(
        Settings.of(sandbox.baseUrl(), receiver.url(), Settings.PATIENT, retries),
        Clock.systemUTC());
  }

  @AfterEach
  void close() {
    client.close();
    receiver.close();
    sandbox.close();
  }

  /** The switch has no default, so that a fault without an expectation does not compile. */
  @ParameterizedTest
  @EnumSource
  void everyFaultIsHandledAsExpected(SandboxFault fault) throws Exception {
    switch (fault) {
      case WEBHOOK_DROP -> {
        assertIsPicture(ended("[webhook:drop]"));
        assertThat(only().deliveries()).isEmpty();
      }
      case WEBHOOK_LOSSY -> {
        assertIsPicture(ended("[webhook:lossy=100]"));
        assertThat(only().deliveries()).isEmpty();
      }
      case WEBHOOK_DELAY -> {
        long start = System.nanoTime();
        assertIsPicture(ended("[webhook:delay=1]"));
        assertIsPicture(authentic(receiver.next()));
        assertThat(Duration.ofNanos(System.nanoTime() - start))
            .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
      }
      case WEBHOOK_REPEAT -> {
        receiver.awaitConcurrent(5);
        accepted("[webhook:repeat]");
        Prediction first = authentic(receiver.next());
        assertIsPicture(first);
        for (int i = 1; i < 5; i++) {
          assertThat(authentic(receiver.next())).isEqualTo(first);
        }
      }
      case WEBHOOK_EARLY -> {
        Prediction created = accepted("[webhook:early]");
        Received webhook = receiver.poll(0).orElseThrow();
        assertIsPicture(created);
        assertThat(authentic(webhook).id()).isEqualTo(created.id());
        assertThat(webhook.path()).endsWith("/api/webhooks/skytells/" + generation);
      }
      case WEBHOOK_DISORDER -> {
        PredictionId id = accepted("[webhook:disorder]").id();
        assertIsPicture(authentic(receiver.next()));
        assertThat(authentic(receiver.next())).isEqualTo(new Prediction.Processing(id));
      }
      case WEBHOOK_FORGED ->
          assertThat(read(webhook("[webhook:forged]"), SECRET, Settings.API_KEY))
              .isEqualTo(new Reading.BadSignature());
      case WEBHOOK_UNSIGNED ->
          assertThat(read(webhook("[webhook:unsigned]"), SECRET, Settings.API_KEY))
              .isEqualTo(new Reading.BadSignature());
      case WEBHOOK_API_KEY -> {
        Received webhook = webhook("[webhook:api-key]");
        assertThat(read(webhook, SECRET)).isEqualTo(new Reading.BadSignature());
        assertThat(read(webhook, SECRET, Settings.API_KEY)).isInstanceOf(Reading.Authentic.class);
      }
      case WEBHOOK_PREFIXED -> assertIsPicture(authentic(webhook("[webhook:prefixed]")));
      case WEBHOOK_UPPERCASE -> assertIsPicture(authentic(webhook("[webhook:uppercase]")));
      case WEBHOOK_ENVELOPED -> assertIsPicture(authentic(webhook("[webhook:enveloped]")));
      case WEBHOOK_IGNORED -> {
        try (var logs = new Logs()) {
          assertIsPicture(ended("[webhook:ignored]"));
          assertThat(logs.lines()).anyMatch(line -> line.contains("webhook not registered"));
        }
      }
      case CREATE_500 -> assertIsUnconfirmed("[create:500]", 0);
      case CREATE_500_ACCEPTED -> assertIsUnconfirmed("[create:500-accepted]", 1);
      case CREATE_502_HTML -> assertIsUnconfirmed("[create:502-html]", 0);
      case CREATE_CUT -> assertIsUnconfirmed("[create:cut]", 1);
      case CREATE_GARBAGE -> assertIsUnconfirmed("[create:garbage]", 1);
      case CREATE_SLOW -> {
        try (var impatient =
            new SkytellsClient(
                Settings.of(sandbox.baseUrl(), receiver.url(), Settings.IMPATIENT, Settings.QUICK),
                Clock.systemUTC())) {
          assertThat(
                  impatient.submit(generation, Generations.IMAGE_MODEL, input("[create:slow=1]")))
              .isInstanceOf(Submission.Unconfirmed.class);
          assertIsListed();
        }
      }
      case CREATE_BUSY -> {
        Submission.Refused busy = refused("[create:busy]", Failure.Code.PROVIDER_BUSY);
        assertThat(busy.retryAfter()).contains(Duration.ofSeconds(12));
      }
      case CREATE_BUSY_DATE -> {
        Submission.Refused busy = refused("[create:busy-date]", Failure.Code.PROVIDER_BUSY);
        assertThat(busy.retryAfter().orElseThrow())
            .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(13));
      }
      case CREATE_429 -> {
        try (var patient = client(SkytellsSettings.Retries.DEFAULT)) {
          assertThat(patient.submit(generation, Generations.IMAGE_MODEL, input("[create:429]")))
              .isInstanceOf(Submission.Accepted.class);
          assertThat(sandbox.predictions()).hasSize(1);
        }
      }
      case CREATE_NO_CREDITS -> refused("[create:no-credits]", Failure.Code.PROVIDER_UNAVAILABLE);
      case CREATE_SUSPENDED -> refused("[create:suspended]", Failure.Code.PROVIDER_UNAVAILABLE);
      case CREATE_POLICY -> refused("[create:policy]", Failure.Code.CONTENT_POLICY);
      case CREATE_INFERENCE_ERROR ->
          refused("[create:inference-error]", Failure.Code.REJECTED_BY_PROVIDER);
      case CREATE_STATUS_FALSE -> {
        Prediction created = accepted("[create:status-false]");
        assertThat(created).isInstanceOf(Prediction.Queued.class);
        assertIsPicture(end(created.id()));
      }
      case CREATE_MINIMAL -> assertIsPicture(ended("[create:minimal]"));
      case CREATE_UUID -> {
        Prediction ended = ended("[create:uuid]");
        assertThat(ended.id().value()).isEqualTo(only().id()).hasSize(36);
        assertIsPicture(ended);
      }
      case GET_PREDICTION_FAILED -> {
        PredictionId once = accepted("[work:stuck] [get:prediction-failed]").id();
        assertThat(poll(once)).isNotInstanceOf(Prediction.Failed.class);
        PredictionId always = accepted("[get:prediction-failed=1000]").id();
        assertThat(failure(poll(always)))
            .isEqualTo(
                new Failure(
                    Failure.Code.GENERATION_FAILED,
                    "PREDICTION_FAILED: Prediction serving returned an error."));
      }
      case GET_502_HTML -> {
        PredictionId id = accepted("[get:502-html]").id();
        assertThat(client.find(id)).isInstanceOf(LookupResult.Found.class);
        PredictionId broken = accepted("[get:502-html=100000]").id();
        assertThat(client.find(broken)).isEqualTo(new Unavailable(Extent.CALL, Optional.empty()));
      }
      case GET_500 -> {
        PredictionId id = accepted("[get:500]").id();
        assertThat(client.find(id, Tries.ONE))
            .isEqualTo(new Unavailable(Extent.CALL, Optional.empty()));
      }
      case GET_429 -> {
        PredictionId id = accepted("[get:429=1]").id();
        assertThat(client.find(id))
            .isEqualTo(new Unavailable(Extent.ACCOUNT, Optional.of(Duration.ofSeconds(1))));
        assertThat(client.find(id)).isInstanceOf(LookupResult.Found.class);
      }
      case GET_UNKNOWN -> {
        PredictionId id = accepted("[get:unknown=1000]").id();
        assertThat(client.find(id)).isEqualTo(new LookupResult.NotFound());
        assertIsListed();
      }
      case LIST_ARRAY -> {
        accepted("[list:array]");
        assertIsListed();
      }
      case LIST_NEWEST -> {
        accepted("[list:newest]");
        assertIsListed();
        assertThat(idsOnPage(2)).isNotEmpty().isEqualTo(idsOnPage(1));
      }
      case LIST_UNFILTERED -> {
        PredictionId id = accepted("[list:unfiltered] [work:stuck]").id();
        assertThat(client.list(1, Filter.SUCCEEDED))
            .isInstanceOfSatisfying(
                Listing.Page.class,
                page ->
                    assertThat(page.entries())
                        .singleElement()
                        .extracting(entry -> entry.prediction().id())
                        .isEqualTo(id));
      }
      case LIST_NO_FILTERS -> {
        accepted("[list:no-filters]");
        assertThat(client.list(1, Filter.SUCCEEDED)).isEqualTo(new Listing.Refused());
        assertThat(client.list(1, Filter.from(LocalDate.of(2026, 11, 20))))
            .isEqualTo(new Listing.Refused());
        assertIsListed();
      }
      case CANCEL_500 -> {
        PredictionId id = accepted("[cancel:500] [work:stuck]").id();
        assertThat(client.cancel(id, Tries.ONE))
            .isEqualTo(new Unavailable(Extent.CALL, Optional.empty()));
        assertThat(client.find(id, Tries.ONE)).isInstanceOf(LookupResult.Found.class);
      }
      case CANCEL_PREDICTION -> {
        PredictionId id = accepted("[cancel:prediction] [work:stuck]").id();
        assertThat(client.cancel(id))
            .isEqualTo(new Cancellation.Accepted(Optional.of(new Prediction.Canceled(id))));
      }
      case DELETE_405 -> {
        PredictionId id = accepted("[delete:405]").id();
        assertThat(client.delete(id)).isEqualTo(new Deletion.Deleted());
        assertThat(client.find(id)).isEqualTo(new LookupResult.NotFound());
      }
      case WORK_FAIL -> assertFails("[work:fail]", REASON);
      case WORK_FAIL_ID -> assertFails("[work:fail-id]", "INFERENCE_ERROR: " + REASON);
      case WORK_FAIL_RESPONSE -> assertFails("[work:fail-response]", REASON);
      case WORK_CANCELED ->
          assertThat(ended("[work:canceled]")).isInstanceOf(Prediction.Canceled.class);
      case WORK_CANCELLED ->
          assertThat(ended("[work:cancelled]")).isInstanceOf(Prediction.Canceled.class);
      case WORK_STUCK -> {
        PredictionId id = accepted("[work:stuck]").id();
        await(() -> only().status().equals("processing"));
        assertThat(poll(id)).isEqualTo(new Prediction.Processing(id));
      }
      case WORK_PENDING -> {
        try (var slow = Sandboxes.started(Settings.API_KEY, SECRET, Duration.ofHours(1));
            var slowClient =
                new SkytellsClient(
                    Settings.of(slow.baseUrl(), receiver.url()), Clock.systemUTC())) {
          assertThat(
                  slowClient.submit(generation, Generations.IMAGE_MODEL, input("[work:pending]")))
              .isInstanceOfSatisfying(
                  Submission.Accepted.class,
                  accepted ->
                      assertThat(accepted.prediction()).isInstanceOf(Prediction.Queued.class));
          assertThat(slow.predictions().getFirst().status()).isEqualTo("pending");
        }
      }
      case WORK_STARTING -> {
        PredictionId id = accepted("[work:starting] [work:stuck]").id();
        await(() -> only().status().equals("starting"));
        assertThat(poll(id)).isEqualTo(new Prediction.Queued(id));
      }
      case WORK_STARTED -> {
        PredictionId id = accepted("[work:started] [work:stuck]").id();
        await(() -> only().status().equals("started"));
        assertThat(poll(id)).isEqualTo(new Prediction.Queued(id));
      }
      case WORK_UNKNOWN_STATUS -> {
        PredictionId id = accepted("[work:unknown-status] [work:stuck]").id();
        await(() -> only().status().equals("rehearsing"));
        assertThat(poll(id)).isEqualTo(new Prediction.Processing(id));
      }
      case OUTPUT_NONE -> assertThat(outputs(ended("[output:none]"))).isEmpty();
      case OUTPUT_STRING -> assertIsPicture(ended("[output:string]"));
      case OUTPUT_OBJECTS -> assertIsPicture(ended("[output:objects]"));
      case OUTPUT_NESTED -> assertIsPicture(ended("[output:nested]"));
      case OUTPUT_IMAGES -> assertIsPicture(ended("[output:images]"));
      case OUTPUT_FILES -> assertIsPicture(ended("[output:files]"));
      case OUTPUT_IMAGE_URL -> assertIsPicture(ended("[output:image-url]"));
      case OUTPUT_URI -> assertIsPicture(ended("[output:uri]"));
      case OUTPUT_B64 -> {
        assertIsPicture(ended("[output:b64]"));
        assertIsPicture(authentic(receiver.next()));
      }
      case OUTPUT_UNREADABLE -> {
        for (Prediction seen : List.of(ended("[output:unreadable]"), authentic(receiver.next()))) {
          assertThat(seen)
              .isInstanceOfSatisfying(
                  Prediction.Unreadable.class,
                  unreadable ->
                      assertThat(unreadable.structure())
                          .isEqualTo("{frames: [1 × {path: string}]}"));
        }
      }
      case OUTPUT_UNREADABLE_FIRST -> {
        Prediction webhook = authentic(webhook("[output:unreadable-first]"));
        assertThat(webhook).isInstanceOf(Prediction.Unreadable.class);
        await(() -> poll(webhook.id()) instanceof Prediction.Succeeded);
        assertIsPicture(poll(webhook.id()));
      }
      case WORK_LOGS -> {
        assertIsPicture(ended("[work:logs=6]"));
        assertIsPicture(authentic(receiver.next()));
        assertIsListed();
      }
      case WORK_FAIL_LONG -> {
        assertFails("[work:fail-long=2]", "x".repeat(Failure.MAX_DIAGNOSTIC_LENGTH));
        assertThat(authentic(receiver.next())).isInstanceOf(Prediction.Failed.class);
      }
      case OUTPUT_IN_STORAGE -> {
        assertIsPicture(ended("[output:in-storage]"));
        assertIsPicture(authentic(receiver.next()));
      }
      case FILE_404 -> assertThat(fetch("[file:404]", LIMITS)).isEqualTo(new Fetch.Gone());
      case FILE_503 -> {
        Output output = output("[file:503]");
        assertThat(fetch(output, LIMITS)).isEqualTo(new Fetch.Unavailable("HTTP 503"));
        assertThat(fetch(output, LIMITS)).isEqualTo(new Fetch.Unavailable("HTTP 503"));
        assertThat(MediaType.detect(bytes(fetch(output, LIMITS)))).contains(MediaType.PNG);
      }
      case FILE_HTML ->
          assertThat(fetch("[file:html]", LIMITS))
              .isEqualTo(new Fetch.Rejected("not a file: markup, JSON or empty"));
      case FILE_ENDLESS -> {
        Fetch endless = fetch("[file:endless]", LIMITS);
        assertThatThrownBy(() -> bytes(endless)).isInstanceOf(RejectedException.class);
      }
      case FILE_TRUNCATED -> {
        Fetch truncated = fetch("[file:truncated]", LIMITS);
        assertThatThrownBy(() -> bytes(truncated))
            .isInstanceOf(IOException.class)
            .isNotInstanceOf(RejectedException.class);
      }
      case FILE_DRIP ->
          assertThat(fetch("[file:drip]", IMPATIENT)).isInstanceOf(Fetch.Unavailable.class);
      case FILE_LARGE -> {
        Fetch large = fetch("[file:large=3]", OutputLimits.DEFAULT);
        assertThat(bytes(large)).hasSizeBetween(3 << 20, 4 << 20);
      }
      case FILE_REDIRECT ->
          assertThat(fetch("[file:redirect]", LIMITS))
              .isEqualTo(
                  new Fetch.Rejected(
                      "redirected: host 10.255.255.1: only https on port 443 is allowed, except for"
                          + " exact origins in SKYTELLS_OUTPUT_HOSTS"));
      case FILE_403 -> {
        Output output = output("[file:403]");
        assertThat(fetch(output, LIMITS)).isEqualTo(new Fetch.Gone());
        assertThat(fetch(output, LIMITS)).isEqualTo(new Fetch.Gone());
        assertIs(MediaType.PNG, fetch(output, LIMITS));
      }
      case FILE_REDIRECTS -> {
        assertIs(MediaType.PNG, fetch("[file:redirects=5]", LIMITS));
        assertThat(sandbox.predictions().getFirst().outputDownloads()).isEqualTo(1);
        assertThat(fetch("[file:redirects=6]", LIMITS))
            .isEqualTo(new Fetch.Rejected("more than 5 redirects"));
      }
      case FILE_GZIP -> {
        byte[] decoded = bytes(fetch("[file:gzip]", LIMITS));
        assertThat(ImageIO.read(new ByteArrayInputStream(decoded))).isNotNull();
      }
      case FILE_GZIP_BOMB -> {
        Fetch bomb = fetch("[file:gzip-bomb]", LIMITS);
        assertThatThrownBy(() -> bytes(bomb)).isInstanceOf(RejectedException.class);
      }
      case FILE_GZIP_TRUNCATED -> {
        Fetch truncated = fetch("[file:gzip-truncated]", LIMITS);
        assertThatThrownBy(() -> bytes(truncated))
            .isInstanceOf(IOException.class)
            .isNotInstanceOf(RejectedException.class);
      }
      case FILE_DATA -> {
        assertIsPicture(ended("[file:data]"));
        assertIsPicture(authentic(receiver.next()));
      }
      case TYPE_FLAC -> assertIs(MediaType.FLAC, fetch("[type:flac]", LIMITS));
      case TYPE_OGG -> assertIs(MediaType.OGG, fetch("[type:ogg]", LIMITS));
      case TYPE_MOV -> assertIs(MediaType.QUICKTIME, fetch("[type:mov]", LIMITS));
      case TYPE_M4A -> assertIs(MediaType.M4A, fetch("[type:m4a]", LIMITS));
      case TYPE_BMP -> assertIs(MediaType.BMP, fetch("[type:bmp]", LIMITS));
      case TYPE_TIFF -> assertIs(MediaType.TIFF, fetch("[type:tiff]", LIMITS));
      case TYPE_HEIC -> assertIs(MediaType.HEIC, fetch("[type:heic]", LIMITS));
      case TYPE_JXL -> assertIs(MediaType.JXL, fetch("[type:jxl]", LIMITS));
      case TYPE_SVG -> assertIs(MediaType.SVG, fetch("[type:svg]", LIMITS));
      case TYPE_GLB -> assertIs(MediaType.GLB, fetch("[type:glb]", LIMITS));
      case TYPE_ZIP -> assertIs(MediaType.ZIP, fetch("[type:zip]", LIMITS));
      case TYPE_TEXT -> assertIs(MediaType.TEXT, fetch("[type:text]", LIMITS));
      case TYPE_UNKNOWN -> assertIs(MediaType.BINARY, fetch("[type:unknown]", LIMITS));
    }
  }

  private Prediction accepted(String prompt) {
    Submission submission = client.submit(generation, Generations.IMAGE_MODEL, input(prompt));
    assertThat(submission).isInstanceOf(Submission.Accepted.class);
    return ((Submission.Accepted) submission).prediction();
  }

  private Submission.Refused refused(String prompt, Failure.Code code) {
    Submission submission = client.submit(generation, Generations.IMAGE_MODEL, input(prompt));
    assertThat(submission).isInstanceOf(Submission.Refused.class);
    assertThat(sandbox.predictions()).isEmpty();
    var refused = (Submission.Refused) submission;
    assertThat(refused.failure().code()).isEqualTo(code);
    return refused;
  }

  /** The outcome is unconfirmed; an accepted prediction exists once and is listed. */
  private void assertIsUnconfirmed(String prompt, int accepted) {
    assertThat(client.submit(generation, Generations.IMAGE_MODEL, input(prompt)))
        .isInstanceOf(Submission.Unconfirmed.class);
    assertThat(sandbox.predictions()).hasSize(accepted);
    if (accepted > 0) {
      assertIsListed();
    }
  }

  private void assertIsListed() {
    assertThat(client.list(1))
        .isInstanceOfSatisfying(
            Listing.Page.class,
            page ->
                assertThat(page.entries())
                    .singleElement()
                    .extracting(Entry::generation)
                    .isEqualTo(Optional.of(generation)));
  }

  private void assertFails(String prompt, String diagnostic) {
    assertThat(failure(ended(prompt)))
        .isEqualTo(new Failure(Failure.Code.GENERATION_FAILED, diagnostic));
  }

  /** Asserts success with one PNG output. */
  private void assertIsPicture(Prediction prediction) throws IOException {
    List<Output> outputs = outputs(prediction);
    assertThat(outputs).hasSize(1);
    assertThat(MediaType.detect(bytes(fetch(outputs.getFirst(), LIMITS)))).contains(MediaType.PNG);
  }

  private Prediction ended(String prompt) {
    return end(accepted(prompt).id());
  }

  /** Polls until the prediction ends, for at most ten seconds. */
  private Prediction end(PredictionId id) {
    await(() -> isEnd(poll(id)));
    return poll(id);
  }

  private List<PredictionId> idsOnPage(int page) {
    return ((Listing.Page) client.list(page))
        .entries().stream().map(entry -> entry.prediction().id()).toList();
  }

  private static boolean isEnd(Prediction prediction) {
    return switch (prediction) {
      case Prediction.Queued _, Prediction.Processing _ -> false;
      case Prediction.Succeeded _,
          Prediction.Unreadable _,
          Prediction.Failed _,
          Prediction.Canceled _ ->
          true;
    };
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("the condition was not met in time").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private Prediction poll(PredictionId id) {
    LookupResult lookupResult = client.find(id);
    assertThat(lookupResult).isInstanceOf(LookupResult.Found.class);
    return ((LookupResult.Found) lookupResult).prediction();
  }

  private static Failure failure(Prediction prediction) {
    assertThat(prediction).isInstanceOf(Prediction.Failed.class);
    return ((Prediction.Failed) prediction).failure();
  }

  private static List<Output> outputs(Prediction prediction) {
    assertThat(prediction).isInstanceOf(Prediction.Succeeded.class);
    return ((Prediction.Succeeded) prediction).outputs();
  }

  private Output output(String prompt) {
    return outputs(ended(prompt)).getFirst();
  }

  private Fetch fetch(String prompt, OutputLimits limits) {
    return fetch(output(prompt), limits);
  }

  private Fetch fetch(Output output, OutputLimits limits) {
    return new SkytellsOutputs(OutputHosts.parse(sandbox.origin().toString()), limits)
        .fetch(output);
  }

  /** Asserts the type and that all bytes can be read. */
  private static void assertIs(MediaType type, Fetch fetch) throws IOException {
    assertThat(fetch).isInstanceOf(Fetch.Content.class);
    assertThat(((Fetch.Content) fetch).type()).isEqualTo(type);
    assertThat(MediaType.detect(bytes(fetch))).contains(type);
  }

  private static byte[] bytes(Fetch fetch) throws IOException {
    assertThat(fetch).isInstanceOf(Fetch.Content.class);
    try (var content = (Fetch.Content) fetch) {
      return content.bytes().readAllBytes();
    }
  }

  private Received webhook(String prompt) throws InterruptedException {
    accepted(prompt);
    return receiver.next();
  }

  private static Prediction authentic(Received webhook) {
    Reading reading = read(webhook, SECRET);
    assertThat(reading).isInstanceOf(Reading.Authentic.class);
    return ((Reading.Authentic) reading).prediction();
  }

  private static Reading read(Received webhook, String... keys) {
    return new SkytellsWebhooks(Stream.of(keys).map(Secret::new).toList())
        .read(new ByteArrayInputStream(webhook.body()), Optional.ofNullable(webhook.signature()));
  }

  private SandboxPrediction only() {
    assertThat(sandbox.predictions()).hasSize(1);
    return sandbox.predictions().getFirst();
  }

  private static ModelInput input(String prompt) {
    return new ModelInput(Map.of("prompt", "a lake " + prompt, "width", 256, "height", 256));
  }
}
