package dev.atelier.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atelier.skytells.sandbox.fault.SandboxFaults;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The built service with provider faults and unusual responses. */
@Execution(ExecutionMode.CONCURRENT)
class ProviderFaultsIT {
  private static final Duration WORK = Duration.ofMillis(300);

  @TempDir private static Path folder;
  private static TestSandbox sandbox;
  private static AtelierProcess atelier;

  @BeforeAll
  static void start() throws Exception {
    sandbox = new TestSandbox(WORK, SandboxFaults.NONE);
    String database = new TestDatabase().url();
    atelier = AtelierProcess.start(folder, sandbox.variables(database, folder.resolve("blobs")));
  }

  @AfterAll
  static void stop() {
    atelier.close();
    sandbox.close();
  }

  @ParameterizedTest
  @CsvSource({
    "work:fail, failed, generation_failed",
    "work:canceled, canceled,",
    "work:cancelled, canceled,",
    "output:none, failed, no_output",
    "file:endless, failed, output_rejected",
    "file:gzip-bomb, failed, output_rejected",
  })
  void aPredictionThatFailsEndsItsGeneration(String fault, String status, @Nullable String code)
      throws Exception {
    JsonNode generation =
        atelier.generateAndWait("{\"prompt\": \"a quiet harbour [%s]\"}".formatted(fault));

    assertThat(generation.get("status").asText()).isEqualTo(status);
    assertThat(generation.get("errorCode").asText(null)).isEqualTo(code);
    assertThat(generation.get("error").isNull()).isEqualTo(code == null);
    assertThat(generation.get("output")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "file:gzip, image/png, inline",
    "file:redirects=5, image/png, inline",
    "file:403=2, image/png, inline",
    "file:data, image/png, inline",
    "type:flac, audio/flac, inline",
    "type:ogg, audio/ogg, inline",
    "type:mov, video/quicktime, inline",
    "type:m4a, audio/mp4, inline",
    "type:bmp, image/bmp, attachment",
    "type:tiff, image/tiff, attachment",
    "type:heic, image/heic, attachment",
    "type:jxl, image/jxl, attachment",
    "type:svg, image/svg+xml, attachment",
    "type:glb, model/gltf-binary, attachment",
    "type:zip, application/zip, attachment",
    "type:unknown, application/octet-stream, attachment",
  })
  void outputsAreStoredHoweverTheyAreDelivered(String fault, String type, String disposition)
      throws Exception {
    JsonNode generation =
        atelier.generateAndWait(
            "{\"prompt\": \"a quiet harbour [%s]\", \"width\": 256, \"height\": 256}"
                .formatted(fault));

    assertThat(generation.get("status").asText()).isEqualTo("succeeded");
    JsonNode asset = generation.get("assets").get(0);
    assertThat(asset.get("contentType").asText()).isEqualTo(type);
    HttpResponse<byte[]> served = atelier.getBytes(asset.get("url").asText());
    assertThat(served.statusCode()).isEqualTo(200);
    assertThat(served.body()).hasSize(asset.get("bytes").asInt());
    assertThat(served.headers().firstValue("Content-Type")).contains(type);
    assertThat(served.headers().firstValue("Content-Disposition").orElseThrow())
        .startsWith(disposition + ";");
  }

  @Test
  void aRejectedOutputIsReportedAndLoggedOnceWithItsRemedy() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<JsonNode> redirect =
          threads.submit(() -> atelier.generateAndWait("{\"prompt\": \"a cove [file:redirect]\"}"));
      Future<JsonNode> page =
          threads.submit(() -> atelier.generateAndWait("{\"prompt\": \"a cove [file:html]\"}"));
      for (JsonNode generation : List.of(redirect.get(), page.get())) {
        assertThat(generation.get("errorCode").asText()).isEqualTo("output_rejected");
      }
      String id = redirect.get().get("id").asText();
      assertThat(atelier.log().lines())
          .filteredOn(line -> line.contains(id) && line.contains("SKYTELLS_OUTPUT_HOSTS"))
          .singleElement()
          .asString()
          .contains("10.255.255.1")
          .doesNotContain("output.png");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[output:nested]",
        "[output:images]",
        "[output:b64]",
        "[output:unreadable-first]",
        "[work:logs=6]",
        "[work:logs=6] [webhook:drop]",
      })
  void outputsAreStoredHoweverTheyAreReported(String faults) throws Exception {
    JsonNode generation =
        atelier.generateAndWait("{\"prompt\": \"a quiet harbour %s\"}".formatted(faults));

    assertThat(generation.get("status").asText()).isEqualTo("succeeded");
    assertThat(generation.get("output")).hasSize(1);
  }
}
