package dev.atelier.skytells.sandbox;

import static dev.atelier.skytells.sandbox.SandboxCaller.JSON;
import static dev.atelier.skytells.sandbox.SandboxCaller.createBody;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.application.port.Secret;
import dev.atelier.skytells.sandbox.SandboxCaller.Reply;
import dev.atelier.skytells.sandbox.WebhookReceiver.Received;
import dev.atelier.skytells.sandbox.api.SandboxPrediction;
import dev.atelier.skytells.sandbox.api.SandboxSettings;
import dev.atelier.skytells.sandbox.fault.SandboxFault;
import dev.atelier.skytells.sandbox.fault.SandboxFaults;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxFaultIT {
  private static final String API_KEY = "sk-test";
  private static final String SECRET = "whsec_test";
  private static final Duration QUICK = Duration.ofMillis(100);

  private final Sandbox sandbox = sandbox(QUICK, SandboxFaults.NONE);
  private final SandboxCaller caller = new SandboxCaller(sandbox::origin, API_KEY);
  private final WebhookReceiver receiver = new WebhookReceiver();

  SandboxFaultIT() throws IOException {}

  private static Sandbox sandbox(Duration workTime, SandboxFaults faults) {
    return new Sandbox(
        new SandboxSettings(
            0,
            new Secret(API_KEY),
            new Secret(SECRET),
            workTime,
            SandboxSettings.RETENTION,
            0,
            faults),
        Clock.systemUTC());
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

  /** The switch has no default, so that a fault without a test does not compile. */
  @ParameterizedTest
  @EnumSource
  void everyFaultHasItsDocumentedEffect(SandboxFault fault) throws Exception {
    switch (fault) {
      case WEBHOOK_DROP -> {
        String id = caller.createAccepted(withReceiver("[webhook:drop]"));
        caller.awaitStatus("succeeded", id);
        assertThat(receiver.poll(300)).isEmpty();
        assertThat(only().deliveries()).isEmpty();
      }
      case WEBHOOK_LOSSY -> {
        var random = new Random(1); // the seed of the sandbox
        int expected = 0;
        for (int i = 0; i < 20; i++) {
          caller.createAccepted(withReceiver("[webhook:lossy=50]"));
          expected += random.nextInt(100) < 50 ? 0 : 1;
        }
        assertThat(expected).isBetween(5, 15);
        for (int i = 0; i < expected; i++) {
          assertThat(receiver.next().status()).isEqualTo("succeeded");
        }
        assertThat(receiver.poll(300)).isEmpty();
      }
      case WEBHOOK_DELAY -> {
        long start = System.nanoTime();
        caller.awaitStatus("succeeded", caller.createAccepted(withReceiver("[webhook:delay=1]")));
        assertThat(receiver.next().status()).isEqualTo("succeeded");
        assertThat(Duration.ofNanos(System.nanoTime() - start))
            .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
      }
      case WEBHOOK_REPEAT -> {
        receiver.awaitConcurrent(5);
        caller.createAccepted(withReceiver("[webhook:repeat]"));
        assertThat(bodies(receiver, 5)).hasSize(1);
        assertThat(receiver.poll(200)).isEmpty();
      }
      case WEBHOOK_EARLY -> {
        Reply created = caller.create(withReceiver("[webhook:early]"));
        assertThat(receiver.poll(0)).isPresent();
        assertThat(only().deliveries()).hasSize(1);
        assertThat(created.status()).isEqualTo(202);
        assertThat(receiver.poll(300)).isEmpty();
      }
      case WEBHOOK_DISORDER -> {
        caller.createAccepted(withReceiver("[webhook:disorder]"));
        assertThat(receiver.next().status()).isEqualTo("succeeded");
        assertThat(receiver.next().status()).isEqualTo("processing");
      }
      case WEBHOOK_FORGED -> {
        Received webhook = webhook("[webhook:forged]");
        assertThat(webhook.signature())
            .hasSize(64)
            .isNotEqualTo(Signatures.sign(SECRET, webhook.body()))
            .isNotEqualTo(Signatures.sign(API_KEY, webhook.body()));
      }
      case WEBHOOK_UNSIGNED -> assertThat(webhook("[webhook:unsigned]").signature()).isNull();
      case WEBHOOK_API_KEY -> {
        Received webhook = webhook("[webhook:api-key]");
        assertThat(webhook.signature()).isEqualTo(Signatures.sign(API_KEY, webhook.body()));
      }
      case WEBHOOK_PREFIXED -> {
        Received webhook = webhook("[webhook:prefixed]");
        assertThat(webhook.signature())
            .isEqualTo("sha256=" + Signatures.sign(SECRET, webhook.body()));
      }
      case WEBHOOK_UPPERCASE -> {
        Received webhook = webhook("[webhook:uppercase]");
        assertThat(webhook.signature())
            .matches("[0-9A-F]{64}")
            .isEqualToIgnoringCase(Signatures.sign(SECRET, webhook.body()));
      }
      case WEBHOOK_ENVELOPED -> {
        JsonNode event = JSON.readTree(webhook("[webhook:enveloped]").body());
        assertThat(event.path("type").asText()).isEqualTo("prediction.succeeded");
        assertThat(event.path("data").path("id").asText()).isEqualTo(only().id());
        assertThat(event.path("data").path("model").path("type").asText()).isEqualTo("image");
        assertThat(event.has("created_at")).isTrue();
      }
      case WEBHOOK_IGNORED -> {
        JsonNode created = caller.create(withReceiver("[webhook:ignored]")).json();
        assertThat(created.path("webhook").path("url").isNull()).isTrue();
        caller.awaitStatus("succeeded", created.path("id").asText());
        assertThat(receiver.poll(300)).isEmpty();
      }
      case CREATE_500 -> {
        Reply reply = caller.create(createBody("[create:500]"));
        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.errorId()).isEqualTo("INTERNAL_ERROR");
        assertThat(sandbox.predictions()).isEmpty();
      }
      case CREATE_500_ACCEPTED -> {
        assertThat(caller.create(createBody("[create:500-accepted]")).status()).isEqualTo(500);
        caller.awaitStatus("succeeded", only().id());
      }
      case CREATE_502_HTML -> {
        Reply reply = caller.create(createBody("[create:502-html]"));
        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.body()).startsWith("<html>");
        assertThat(sandbox.predictions()).isEmpty();
      }
      case CREATE_BUSY -> {
        for (int i = 0; i < 3; i++) {
          Reply reply = caller.create(createBody("[create:busy]"));
          assertThat(reply.status()).isEqualTo(429);
          assertThat(reply.header("Retry-After")).isEqualTo("12");
        }
        assertThat(sandbox.predictions()).isEmpty();
      }
      case CREATE_BUSY_DATE -> {
        Reply reply = caller.create(createBody("[create:busy-date]"));
        assertThat(reply.status()).isEqualTo(429);
        Instant retryAt =
            DateTimeFormatter.RFC_1123_DATE_TIME.parse(reply.header("Retry-After"), Instant::from);
        assertThat(Duration.between(Instant.now(), retryAt))
            .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(13));
        assertThat(sandbox.predictions()).isEmpty();
      }
      case CREATE_429 -> {
        for (int i = 0; i < 2; i++) {
          Reply reply = caller.create(createBody("[create:429=2]"));
          assertThat(reply.status()).isEqualTo(429);
          assertThat(reply.header("Retry-After")).isEqualTo("1");
        }
        assertThat(caller.create(createBody("[create:429=2]")).status()).isEqualTo(202);
        assertThat(sandbox.predictions()).hasSize(1);
      }
      case CREATE_NO_CREDITS -> {
        Reply reply = caller.create(createBody("[create:no-credits]"));
        assertThat(reply.status()).isEqualTo(402);
        assertThat(reply.errorId()).isEqualTo("INSUFFICIENT_CREDITS");
        assertThat(sandbox.predictions()).isEmpty();
      }
      case CREATE_SUSPENDED -> {
        Reply reply = caller.create(createBody("[create:suspended]"));
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.errorId()).isEqualTo("ACCOUNT_SUSPENDED");
        assertThat(reply.json().size()).isEqualTo(1);
        assertThat(sandbox.predictions()).isEmpty();
      }
      case CREATE_POLICY -> {
        Reply reply = caller.create(createBody("[create:policy]"));
        assertThat(reply.status()).isEqualTo(451);
        assertThat(reply.errorId()).isEqualTo("CONTENT_POLICY_VIOLATION");
        assertThat(sandbox.predictions()).isEmpty();
      }
      case CREATE_INFERENCE_ERROR -> {
        Reply reply = caller.create(createBody("[create:inference-error]"));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.errorId()).isEqualTo("INVALID_PARAMETER");
        assertThat(reply.json().path("error").path("code").asText()).isEqualTo("invalid_parameter");
        assertThat(sandbox.predictions()).isEmpty();
      }
      case CREATE_SLOW -> {
        long start = System.nanoTime();
        Reply reply = caller.create(createBody("[create:slow=1]"));
        assertThat(System.nanoTime() - start).isGreaterThan(Duration.ofMillis(900).toNanos());
        assertThat(reply.status()).isEqualTo(202);
      }
      case CREATE_CUT -> {
        assertThatExceptionOfType(IOException.class)
            .isThrownBy(() -> caller.create(createBody("[create:cut]")));
        caller.awaitStatus("succeeded", only().id());
      }
      case CREATE_STATUS_FALSE -> {
        Reply reply = caller.create(createBody("[create:status-false]"));
        assertThat(reply.status()).isEqualTo(202);
        assertThat(reply.json().path("status").asBoolean(true)).isFalse();
        assertThat(reply.json().path("id").asText()).isEqualTo(only().id());
      }
      case CREATE_GARBAGE -> {
        Reply reply = caller.create(createBody("[create:garbage]"));
        assertThat(reply.status()).isEqualTo(200);
        assertThatExceptionOfType(IOException.class).isThrownBy(reply::json);
        caller.awaitStatus("succeeded", only().id());
      }
      case CREATE_MINIMAL -> {
        Reply reply = caller.create(createBody("[create:minimal]"));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().path("model").asText()).isEqualTo("truefusion-pro");
        assertThat(reply.json().properties())
            .extracting(Map.Entry::getKey)
            .containsExactly("id", "status", "model", "output");
      }
      case CREATE_UUID -> {
        String id = caller.createAccepted(createBody("[create:uuid]"));
        assertThat(UUID.fromString(id)).hasToString(id);
        caller.awaitStatus("succeeded", id);
      }
      case GET_PREDICTION_FAILED -> {
        String id = caller.createAccepted(createBody("[get:prediction-failed]"));
        Reply reply = caller.get("/predictions/" + id);
        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.errorId()).isEqualTo("PREDICTION_FAILED");
        assertThat(caller.get("/predictions/" + id).status()).isEqualTo(200);
      }
      case GET_502_HTML -> {
        String id = caller.createAccepted(createBody("[get:502-html]"));
        for (int i = 0; i < 2; i++) {
          Reply reply = caller.get("/predictions/" + id);
          assertThat(reply.status()).isEqualTo(502);
          assertThat(reply.body()).startsWith("<html>");
        }
        assertThat(caller.get("/predictions/" + id).status()).isEqualTo(200);
      }
      case GET_500 -> {
        String id = caller.createAccepted(createBody("[get:500]"));
        for (int i = 0; i < 3; i++) {
          assertThat(caller.get("/predictions/" + id).status()).isEqualTo(500);
        }
      }
      case GET_429 -> {
        String id = caller.createAccepted(createBody("[get:429=1]"));
        Reply reply = caller.get("/predictions/" + id);
        assertThat(reply.status()).isEqualTo(429);
        assertThat(reply.header("Retry-After")).isEqualTo("1");
        assertThat(caller.get("/predictions/" + id).status()).isEqualTo(200);
      }
      case GET_UNKNOWN -> {
        String id = caller.createAccepted(createBody("[get:unknown]"));
        Reply reply = caller.get("/predictions/" + id);
        Reply unknown = caller.get("/predictions/pred_nobody");
        assertThat(reply.status()).isEqualTo(502).isEqualTo(unknown.status());
        assertThat(reply.body()).isEqualTo(unknown.body());
        assertThat(caller.get("/predictions/" + id).status()).isEqualTo(200);
      }
      case LIST_ARRAY -> {
        String id = caller.createAccepted(createBody("[list:array]"));
        JsonNode list = caller.get("/predictions").json();
        assertThat(list.isArray()).isTrue();
        assertThat(list.get(0).path("id").asText()).isEqualTo(id);
      }
      case LIST_NEWEST -> {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 51; i++) {
          ids.addFirst(caller.createAccepted(createBody("[list:newest] [work:stuck]")));
        }
        for (int page = 1; page <= 2; page++) {
          assertThat(listed("?per_page=50&page=" + page)).isEqualTo(ids.subList(0, 50));
        }
        assertThat(listed("?status=succeeded")).isEmpty();
      }
      case LIST_UNFILTERED -> {
        String id = caller.createAccepted(createBody("[list:unfiltered] [work:stuck]"));
        JsonNode list = caller.get("/predictions?status=succeeded&from=2100-01-01").json();
        assertThat(list.path("data").get(0).path("id").asText()).isEqualTo(id);
      }
      case LIST_NO_FILTERS -> {
        caller.createAccepted(createBody("[list:no-filters]"));
        assertThat(caller.get("/predictions?status=succeeded").status()).isEqualTo(400);
        assertThat(caller.get("/predictions").status()).isEqualTo(200);
      }
      case CANCEL_500 -> {
        String id = caller.createAccepted(createBody("[cancel:500] [work:stuck]"));
        for (int i = 0; i < 3; i++) {
          assertThat(caller.call("POST", "/predictions/" + id + "/cancel", "").status())
              .isEqualTo(500);
        }
        assertThat(caller.get("/predictions/" + id).status()).isEqualTo(200);
      }
      case CANCEL_PREDICTION -> {
        String id = caller.createAccepted(createBody("[cancel:prediction] [work:stuck]"));
        Reply canceled = caller.call("POST", "/predictions/" + id + "/cancel", "");
        assertThat(canceled.json().path("id").asText()).isEqualTo(id);
        assertThat(canceled.json().path("status").asText()).isEqualTo("canceled");
      }
      case DELETE_405 -> {
        String id = caller.createAccepted(createBody("[delete:405]"));
        assertThat(caller.call("DELETE", "/predictions/" + id, "").status()).isEqualTo(405);
        assertThat(caller.get("/predictions/" + id).status()).isEqualTo(200);
        assertThat(caller.call("DELETE", "/predictions/" + id + "/delete", "").status())
            .isEqualTo(200);
      }
      case WORK_FAIL -> {
        JsonNode failed = ended("failed", "[work:fail]");
        assertThat(failed.path("error").isTextual()).isTrue();
        assertThat(failed.path("output").isNull()).isTrue();
      }
      case WORK_FAIL_ID -> {
        JsonNode failed = ended("failed", "[work:fail-id]");
        assertThat(failed.path("error").isNull()).isTrue();
        assertThat(failed.path("error_id").asText()).isEqualTo("INFERENCE_ERROR");
        assertThat(failed.path("error_message").asText()).isNotEmpty();
      }
      case WORK_FAIL_RESPONSE -> {
        JsonNode failed = ended("failed", "[work:fail-response]");
        assertThat(failed.path("error").isNull()).isTrue();
        assertThat(failed.path("response").asText()).isNotEmpty();
      }
      case WORK_CANCELED -> ended("canceled", "[work:canceled]");
      case WORK_CANCELLED -> ended("cancelled", "[work:cancelled]");
      case WORK_STUCK -> {
        String id = caller.createAccepted(withReceiver("[work:stuck]"));
        caller.awaitStatus("processing", id);
        assertThat(receiver.poll(500)).isEmpty();
        assertThat(only().status()).isEqualTo("processing");
      }
      case WORK_PENDING -> {
        try (var slow = sandbox(Duration.ofMinutes(1), SandboxFaults.NONE)) {
          slow.start();
          try (var slowCaller = new SandboxCaller(slow::origin, API_KEY)) {
            Reply created = slowCaller.create(createBody("[work:pending]"));
            assertThat(created.json().path("status").asText()).isEqualTo("pending");
          }
        }
      }
      case WORK_STARTING ->
          caller.awaitStatus(
              "starting", caller.createAccepted(createBody("[work:starting] [work:stuck]")));
      case WORK_STARTED ->
          caller.awaitStatus(
              "started", caller.createAccepted(createBody("[work:started] [work:stuck]")));
      case WORK_UNKNOWN_STATUS ->
          caller.awaitStatus(
              "rehearsing",
              caller.createAccepted(createBody("[work:unknown-status] [work:stuck]")));
      case OUTPUT_NONE -> {
        JsonNode output = ended("succeeded", "[output:none]").path("output");
        assertThat(output.isArray()).isTrue();
        assertThat(output).isEmpty();
      }
      case OUTPUT_STRING -> {
        JsonNode output = ended("succeeded", "[output:string]").path("output");
        assertThat(caller.download(output.asText()).statusCode()).isEqualTo(200);
      }
      case OUTPUT_OBJECTS -> {
        JsonNode output = ended("succeeded", "[output:objects]").path("output");
        String url = output.get(0).path("url").asText();
        assertThat(caller.download(url).statusCode()).isEqualTo(200);
      }
      case OUTPUT_NESTED -> assertOutputAt("[output:nested]", "/output/0/0");
      case OUTPUT_IMAGES -> assertOutputAt("[output:images]", "/output/images/0/url");
      case OUTPUT_FILES -> assertOutputAt("[output:files]", "/output/files/0");
      case OUTPUT_IMAGE_URL -> assertOutputAt("[output:image-url]", "/output/0/image_url/url");
      case OUTPUT_URI -> assertOutputAt("[output:uri]", "/output/0/uri");
      case OUTPUT_B64 ->
          assertIsPicture(
              ended("succeeded", "[output:b64]").at("/output/0/b64_json").binaryValue());
      case OUTPUT_UNREADABLE -> {
        JsonNode prediction = ended("succeeded", "[output:unreadable]");
        assertThat(prediction.at("/output/frames/0/path").isTextual()).isTrue();
        assertThat(prediction.at("/metadata/storage/files")).isEmpty();
      }
      case OUTPUT_UNREADABLE_FIRST -> {
        JsonNode webhook = JSON.readTree(webhook("[output:unreadable-first]").body());
        String id = only().id();
        assertThat(webhook.at("/output/frames").isArray()).isTrue();
        assertThat(caller.prediction(id).at("/output/frames").isArray()).isTrue();
        assertThat(caller.prediction(id).at("/output/0").isTextual()).isTrue();
      }
      case WORK_LOGS -> {
        JsonNode webhook = JSON.readTree(webhook("[work:logs=2]").body());
        JsonNode polled = caller.prediction(only().id());
        for (JsonNode prediction : List.of(webhook, polled)) {
          assertThat(prediction.path("logs").asText()).hasSizeGreaterThan(2_000_000);
        }
      }
      case WORK_FAIL_LONG ->
          assertThat(ended("failed", "[work:fail-long=1]").path("error").asText())
              .hasSizeGreaterThan(1_000_000);
      case OUTPUT_IN_STORAGE -> {
        JsonNode webhook = JSON.readTree(webhook("[output:in-storage]").body());
        JsonNode polled = caller.prediction(only().id());
        for (JsonNode prediction : List.of(webhook, polled)) {
          assertThat(prediction.path("output").isNull()).isTrue();
          JsonNode file = prediction.path("metadata").path("storage").path("files").get(0);
          assertThat(caller.download(file.path("url").asText()).statusCode()).isEqualTo(200);
        }
      }
      case FILE_404 -> assertThat(file("[file:404]").statusCode()).isEqualTo(404);
      case FILE_503 -> {
        String url = outputOf("[file:503]");
        assertThat(caller.download(url).statusCode()).isEqualTo(503);
        assertThat(caller.download(url).statusCode()).isEqualTo(503);
        assertThat(caller.download(url).statusCode()).isEqualTo(200);
        assertThat(only().outputDownloads()).isEqualTo(1);
      }
      case FILE_HTML -> {
        HttpResponse<byte[]> file = file("[file:html]");
        assertThat(file.statusCode()).isEqualTo(200);
        assertThat(new String(file.body(), UTF_8)).startsWith("<html>");
      }
      case FILE_ENDLESS -> {
        try (InputStream bytes = caller.open(outputOf("[file:endless]"))) {
          assertThat(bytes.skip(70_000_000)).isEqualTo(70_000_000);
        }
      }
      case FILE_TRUNCATED -> {
        try (InputStream bytes = caller.open(outputOf("[file:truncated]"))) {
          assertThat(bytes.read()).isEqualTo(0x89);
          assertThatExceptionOfType(IOException.class).isThrownBy(bytes::readAllBytes);
        }
        assertThat(only().outputDownloads()).isZero();
      }
      case FILE_DRIP -> {
        try (InputStream bytes = caller.open(outputOf("[file:drip]"))) {
          assertThat(bytes.read()).isEqualTo(0x89);
          long start = System.nanoTime();
          assertThat(bytes.read()).isEqualTo('P');
          assertThat(System.nanoTime() - start).isGreaterThan(Duration.ofMillis(800).toNanos());
        }
      }
      case FILE_LARGE -> {
        String url = outputOf("[file:large=3]");
        byte[] once = caller.download(url).body();
        byte[] again = caller.download(url).body();
        assertThat(once).hasSizeBetween(3 << 20, 4 << 20).isEqualTo(again);
        assertThat(ImageIO.read(new ByteArrayInputStream(once))).isNotNull();
        assertThat(only().outputDownloads()).isEqualTo(2);
      }
      case FILE_REDIRECT -> {
        HttpResponse<byte[]> file = file("[file:redirect]");
        assertThat(file.statusCode()).isEqualTo(302);
        assertThat(file.headers().firstValue("Location"))
            .contains("http://10.255.255.1/output.png");
      }
      case FILE_403 -> {
        String url = outputOf("[file:403=1]");
        assertThat(caller.download(url).statusCode()).isEqualTo(403);
        assertThat(caller.download(url).statusCode()).isEqualTo(200);
      }
      case FILE_REDIRECTS -> {
        URI url = URI.create(outputOf("[file:redirects=2]"));
        HttpResponse<byte[]> first = caller.download(url.toString());
        assertThat(first.statusCode()).isEqualTo(302);
        url = url.resolve(first.headers().firstValue("Location").orElseThrow());
        HttpResponse<byte[]> second = caller.download(url.toString());
        assertThat(second.statusCode()).isEqualTo(307);
        url = url.resolve(second.headers().firstValue("Location").orElseThrow());
        assertIsPicture(caller.download(url.toString()).body());
      }
      case FILE_GZIP -> {
        HttpResponse<byte[]> file = file("[file:gzip]");
        assertThat(file.headers().firstValue("Content-Encoding")).contains("gzip");
        var decoded = new GZIPInputStream(new ByteArrayInputStream(file.body()));
        assertIsPicture(decoded.readAllBytes());
      }
      case FILE_GZIP_BOMB -> {
        HttpResponse<byte[]> file = file("[file:gzip-bomb]");
        assertThat(file.body()).hasSizeLessThan(4 << 20);
        var decoded = new GZIPInputStream(new ByteArrayInputStream(file.body()));
        assertThat(decoded.skip(128L << 20)).isEqualTo(128L << 20);
      }
      case FILE_GZIP_TRUNCATED -> {
        HttpResponse<byte[]> file = file("[file:gzip-truncated]");
        var decoded = new GZIPInputStream(new ByteArrayInputStream(file.body()));
        assertThatExceptionOfType(EOFException.class).isThrownBy(decoded::readAllBytes);
      }
      case FILE_DATA -> {
        String url = outputOf("[file:data]");
        assertThat(url).startsWith("data:image/png;base64,");
        assertIsPicture(Base64.getDecoder().decode(url.substring(url.indexOf(',') + 1)));
      }
      case TYPE_FLAC -> assertThat(typed("flac", "audio/flac")).startsWith("fLaC");
      case TYPE_OGG -> assertThat(typed("ogg", "audio/ogg")).startsWith("OggS");
      case TYPE_MOV -> assertThat(typed("mov", "video/quicktime")).contains("ftypqt  ");
      case TYPE_M4A -> assertThat(typed("m4a", "audio/mp4")).contains("ftypM4A ");
      case TYPE_BMP -> assertThat(typed("bmp", "image/bmp")).startsWith("BM");
      case TYPE_TIFF -> assertThat(typed("tiff", "image/tiff")).startsWith("II*");
      case TYPE_HEIC -> assertThat(typed("heic", "image/heic")).contains("ftypheic");
      case TYPE_JXL -> assertThat(typed("jxl", "image/jxl")).contains("JXL ");
      case TYPE_SVG -> assertThat(typed("svg", "image/svg+xml")).contains("<svg", "<script>");
      case TYPE_GLB -> assertThat(typed("glb", "model/gltf-binary")).startsWith("glTF");
      case TYPE_ZIP -> assertThat(typed("zip", "application/zip")).startsWith("PK");
      case TYPE_TEXT -> assertThat(typed("text", "text/plain")).startsWith("A poem");
      case TYPE_UNKNOWN ->
          assertThat(typed("unknown", "application/octet-stream")).startsWith("\u0001\u0002");
    }
  }

  @Test
  void anUnknownFaultInAPromptIsRefused() throws Exception {
    Reply reply = caller.create(createBody("[webhook:dorp]"));

    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.body()).contains("webhook:dorp");
  }

  @Test
  void faultsDoNotChangeThePicture() throws Exception {
    ObjectNode plain = createBody("a lake");
    ObjectNode faulty = createBody("a lake [webhook:drop]");
    for (ObjectNode body : List.of(plain, faulty)) {
      ((ObjectNode) body.path("input")).put("seed", 1);
    }

    assertThat(caller.download(outputOf(faulty)).body())
        .isEqualTo(caller.download(outputOf(plain)).body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"small", "redirects=5", "redirects=x", "redirects=99999999999"})
  void aQueryOfAnOutputUrlIsIgnored(String query) throws Exception {
    String url = outputOf("a harbour");

    assertIsPicture(caller.download(url + "?" + query).body());
  }

  @Test
  void announcedFaultsApplyToTheNextRequestsOnly() throws Exception {
    Reply announced =
        caller.admin("POST", "/faults", "{\"faults\": [\"create:500\"], \"next\": 2}");
    assertThat(announced.status()).isEqualTo(200);

    assertThat(caller.create(createBody("one")).status()).isEqualTo(500);
    assertThat(caller.create(createBody("two")).status()).isEqualTo(500);
    assertThat(caller.create(createBody("three")).status()).isEqualTo(202);
  }

  @Test
  void announcedFaultsCanBeWithdrawn() throws Exception {
    caller.admin("POST", "/faults", "{\"faults\": [\"create:500\"], \"next\": 2}");
    caller.admin("DELETE", "/faults", "");

    assertThat(caller.create(createBody("one")).status()).isEqualTo(202);
  }

  @Test
  void anUnknownFaultCannotBeAnnounced() throws Exception {
    assertThat(caller.admin("POST", "/faults", "{\"faults\": [\"create:700\"]}").status())
        .isEqualTo(422);
  }

  @Test
  void faultsOfTheSettingsApplyToEveryPrediction() throws Exception {
    try (var broken = sandbox(QUICK, SandboxFaults.of(SandboxFault.CREATE_500))) {
      broken.start();
      try (var faultyCaller = new SandboxCaller(broken::origin, API_KEY)) {
        assertThat(faultyCaller.create(createBody("a lake")).status()).isEqualTo(500);
        assertThat(faultyCaller.create(createBody("a lake")).status()).isEqualTo(500);
      }
    }
  }

  private ObjectNode withReceiver(String prompt) {
    ObjectNode body = createBody(prompt).put("webhook", receiver.url().toString());
    body.putArray("webhook_events_filter").add("completed");
    return body;
  }

  private Received webhook(String prompt) throws Exception {
    caller.createAccepted(withReceiver(prompt));
    return receiver.next();
  }

  private JsonNode ended(String status, String prompt) throws Exception {
    return caller.awaitStatus(status, caller.createAccepted(createBody(prompt)));
  }

  private void assertOutputAt(String prompt, String pointer) throws Exception {
    String url = ended("succeeded", prompt).at(pointer).asText();
    assertThat(caller.download(url).statusCode()).isEqualTo(200);
  }

  private String outputOf(String prompt) throws Exception {
    return outputOf(createBody(prompt));
  }

  private String outputOf(ObjectNode body) throws Exception {
    JsonNode done = caller.awaitStatus("succeeded", caller.createAccepted(body));
    return done.path("output").get(0).asText();
  }

  private String typed(String name, String type) throws Exception {
    HttpResponse<byte[]> file = file("[type:" + name + "]");
    assertThat(file.headers().firstValue("Content-Type")).contains(type);
    return new String(file.body(), ISO_8859_1);
  }

  private static void assertIsPicture(byte[] bytes) throws IOException {
    assertThat(ImageIO.read(new ByteArrayInputStream(bytes))).isNotNull();
  }

  private HttpResponse<byte[]> file(String prompt) throws Exception {
    return caller.download(outputOf(prompt));
  }

  private SandboxPrediction only() {
    assertThat(sandbox.predictions()).hasSize(1);
    return sandbox.predictions().getFirst();
  }

  private List<String> listed(String query) throws Exception {
    return caller
        .get("/predictions" + query)
        .json()
        .valueStream()
        .map(prediction -> prediction.path("id").asText())
        .toList();
  }

  private static Set<String> bodies(WebhookReceiver receiver, int count) throws Exception {
    var bodies = new HashSet<String>();
    for (int i = 0; i < count; i++) {
      bodies.add(new String(receiver.next().body(), UTF_8));
    }
    return bodies;
  }
}
