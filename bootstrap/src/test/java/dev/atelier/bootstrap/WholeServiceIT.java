package dev.atelier.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.skytells.sandbox.fault.SandboxFaults;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The built service with an external PostgreSQL and Skytells, as in production. */
class WholeServiceIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration WORK = Duration.ofMillis(300);

  @TempDir private static Path folder;
  private static TestSandbox sandbox;
  private static AtelierProcess atelier;

  @BeforeAll
  static void start() throws Exception {
    sandbox = new TestSandbox(WORK, SandboxFaults.NONE);
    var variables =
        new HashMap<>(sandbox.variables(new TestDatabase().url(), folder.resolve("blobs")));
    variables.put("SKYTELLS_WEBHOOK_SECRET", "whsec_old," + TestSandbox.WEBHOOK_SECRET.value());
    atelier = AtelierProcess.start(folder, variables);
  }

  @AfterAll
  static void stop() throws Exception {
    atelier.close();
    sandbox.close();
  }

  @Test
  void everyOutputOfAGenerationIsStored() throws Exception {
    JsonNode generation =
        atelier.generateAndWait(
            """
            {"prompt": "a quiet harbour", "numOutputs": 3, "seed": 7, "width": 256, "height": 256}
            """);

    assertThat(generation.get("status").asText()).isEqualTo("succeeded");
    assertThat(generation.get("output")).hasSize(3);
    for (JsonNode asset : generation.get("assets")) {
      HttpResponse<byte[]> served = atelier.getBytes(asset.get("url").asText());
      assertThat(asset.get("contentType").asText()).isEqualTo("image/png");
      assertThat(asset.get("width").asInt()).isEqualTo(256);
      assertThat(asset.get("height").asInt()).isEqualTo(256);
      assertThat(served.body()).hasSize(asset.get("bytes").asInt());
      assertThat(asset.get("sha256").asText()).isEqualTo(Audit.sha256(served.body()));
    }
  }

  @Test
  void theSameSeedAndPromptGiveTheSameImage() throws Exception {
    String body =
        """
        {"prompt": "a quiet harbour", "seed": 11, "width": 256, "height": 256}
        """;

    assertThat(atelier.generateAndWait(body).get("assets").get(0).get("sha256"))
        .isEqualTo(atelier.generateAndWait(body).get("assets").get(0).get("sha256"));
  }

  @Test
  void aPredictionThatEndsInTheCreateResponseIsStored() throws Exception {
    JsonNode generation =
        atelier.generateAndWait(
            "{\"prompt\": \"a quiet harbour\", \"model\": \"truefusion-edge\"}");

    assertThat(generation.get("status").asText()).isEqualTo("succeeded");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                  | prompt
          {"prompt": 7}                                       | prompt
          {"prompt": "   "}                                   | prompt
          {"prompt": "a cat", "model": "dall-e-3"}            | model
          {"prompt": "a cat", "width": 64}                    | width
          {"prompt": "a cat", "height": 4096}                 | height
          {"prompt": "a cat", "width": "512"}                 | width
          """)
  void invalidInputIsNamedAndNothingIsSubmitted(String body, String field) throws Exception {
    int before = sandbox.predictions().size();

    HttpResponse<String> response = atelier.post("/api/generate", body);

    assertThat(response.statusCode()).isEqualTo(400);
    JsonNode problem = JSON.readTree(response.body());
    assertThat(problem.get("code").asText()).isEqualTo("invalid_request");
    assertThat(problem.get("errors").get(0).get("field").asText()).isEqualTo(field);
    assertThat(sandbox.predictions()).hasSize(before);
  }

  @Test
  void ofSixtyConcurrentRequestsExactlyTenAreAccepted() throws Exception {
    int before = sandbox.predictions().size();
    List<Callable<Integer>> calls = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      calls.add(
          () ->
              atelier
                  .post(
                      "/api/generate",
                      "{\"prompt\": \"a crowd [work:stuck]\", \"userId\": \"crowd\"}")
                  .statusCode());
    }

    var statuses = new ArrayList<Integer>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> call : threads.invokeAll(calls)) {
        statuses.add(call.get());
      }
    }

    assertThat(statuses).filteredOn(status -> status == 202).hasSize(10);
    assertThat(statuses).filteredOn(status -> status == 429).hasSize(50);
    assertThat(sandbox.predictions()).hasSize(before + 10);
  }

  @Test
  void aRepeatedWebhookIsAcceptedAndDownloadsNothing() throws Exception {
    JsonNode generation = atelier.generateAndWait("{\"prompt\": \"a quiet harbour\"}");
    String prediction = generation.get("predictionId").asText();
    int downloads = downloads(prediction);
    String body =
        """
        {"id": "%s", "status": "succeeded", "output": ["%s/outputs/%s/0.png"]}
        """
            .formatted(prediction, sandbox.origin(), prediction);

    HttpResponse<String> response =
        atelier.post("/api/webhooks", body, "X-Skytells-Signature", sign(body));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(JSON.readTree(response.body()).get("received").asBoolean()).isTrue();
    assertThat(downloads(prediction)).isEqualTo(downloads);
  }

  @Test
  void aForgedWebhookIsRejected() throws Exception {
    String body = "{\"id\": \"pred_x\", \"status\": \"failed\"}";

    assertThat(atelier.post("/api/webhooks", body).statusCode()).isEqualTo(401);
    for (String forged : List.of("00", "zz", "sha256=", "0".repeat(64), sign(body + " "))) {
      assertThat(
              atelier
                  .post("/api/webhooks/skytells", body, "X-Skytells-Signature", forged)
                  .statusCode())
          .isEqualTo(401);
    }
    assertThat(
            atelier
                .post("/api/webhooks", "{", "X-Skytells-Signature", "sha256=" + sign("{"))
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void theLogHasIdsAndNoPromptsOrSecrets() throws Exception {
    JsonNode generation = atelier.generateAndWait("{\"prompt\": \"a very private thought\"}");

    assertThat(atelier.log())
        .contains(generation.get("id").asText())
        .contains("Storing -> Succeeded")
        .doesNotContain("private thought")
        .doesNotContain(TestSandbox.API_KEY.value())
        .doesNotContain(TestSandbox.WEBHOOK_SECRET.value())
        .doesNotContain("/outputs/");
  }

  private static int downloads(String prediction) {
    return sandbox.predictions().stream()
        .filter(found -> found.id().equals(prediction))
        .findFirst()
        .orElseThrow()
        .outputDownloads();
  }

  private static String sign(String body) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(TestSandbox.WEBHOOK_SECRET.value().getBytes(UTF_8), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(body.getBytes(UTF_8)));
  }
}
