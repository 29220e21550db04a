package dev.atelier.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.http.route.Poll;
import dev.atelier.skytells.sandbox.fault.SandboxFaults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built service: generations that are made from files, and their costs. */
class InputsIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path folder;
  private static TestSandbox sandbox;
  private static AtelierProcess atelier;

  @BeforeAll
  static void start() throws Exception {
    sandbox = new TestSandbox(Duration.ofMillis(300), SandboxFaults.NONE);
    var variables =
        new HashMap<>(sandbox.variables(new TestDatabase().url(), folder.resolve("blobs")));
    variables.put("ALLOWED_MODELS", "*");
    atelier = AtelierProcess.start(folder, variables);
  }

  @AfterAll
  static void stop() {
    atelier.close();
    sandbox.close();
  }

  @Test
  void aPictureIsUploadedEditedAndAnimated() throws Exception {
    JsonNode picture =
        succeeded("{\"prompt\": \"a quiet harbour\", \"width\": 256, \"height\": 256}");
    byte[] bytes = atelier.getBytes(picture.get("outputUrl").asText()).body();
    JsonNode upload = upload(bytes);

    JsonNode edit =
        succeeded(
            """
            {"model": "flux-2-flex", "prompt": "as a sketch", "width": 256, "height": 256,
             "input": {"guidance": 4.5, "input_images": ["%s", "%s"]}}
            """
                .formatted(upload.get("url").asText(), picture.get("outputUrl").asText()));
    JsonNode video =
        succeeded(
            """
            {"model": "lumo", "input": {"image": "%s", "seconds": 5}}
            """
                .formatted(edit.get("outputUrl").asText()));

    assertThat(edit.at("/inputs/0/parameter").asText()).isEqualTo("input_images[0]");
    assertThat(edit.at("/inputs/0/upload")).isEqualTo(upload.get("id"));
    assertThat(edit.at("/inputs/1/generation")).isEqualTo(picture.get("id"));
    assertThat(edit.at("/assets/0/contentType").asText()).isEqualTo("image/png");
    assertThat(video.at("/inputs/0/generation")).isEqualTo(edit.get("id"));
    assertThat(video.at("/assets/0/contentType").asText()).isEqualTo("video/mp4");
    assertThat(finalCost(edit)).isEqualTo(0.06 * 256 * 256 / 1_000_000, within());
    assertThat(finalCost(video)).isEqualTo(0.12 * 5, within());
  }

  @Test
  void aSongNeedsNoPromptAndItsCostIsReported() throws Exception {
    JsonNode song =
        succeeded("{\"model\": \"beatfusion-2.0\", \"input\": {\"lyrics\": \"la la la\"}}");

    assertThat(song.get("prompt").isNull()).isTrue();
    assertThat(song.at("/assets/0/contentType").asText()).isEqualTo("audio/wav");
    assertThat(finalCost(song)).isPositive();
  }

  @Test
  void nothingIsLeftOfADeletedUpload() throws Exception {
    JsonNode upload = upload("GIF89a, more or less".getBytes(StandardCharsets.US_ASCII));
    String path = "/api/uploads/" + upload.get("id").asText();
    assertThat(files()).hasSize(1);

    assertThat(atelier.delete(path).statusCode()).isEqualTo(204);

    assertThat(atelier.get(path).statusCode()).isEqualTo(404);
    Poll.until(() -> Optional.of(files()).filter(List::isEmpty));
  }

  private static List<Path> files() {
    try (Stream<Path> files = Files.walk(folder.resolve("blobs").resolve("uploads"))) {
      return files.filter(file -> file.toString().endsWith(".gif")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode succeeded(String body) throws Exception {
    JsonNode generation = atelier.generateAndWait(body);
    assertThat(generation.path("status").asText()).as("%s", generation).isEqualTo("succeeded");
    return generation;
  }

  private static JsonNode upload(byte[] file) throws Exception {
    HttpResponse<String> response = atelier.upload(file);
    assertThat(response.statusCode()).isEqualTo(201);
    return JSON.readTree(response.body());
  }

  /** The bill may arrive shortly after the end. */
  private static double finalCost(JsonNode generation) throws Exception {
    String path = "/api/predictions/" + generation.get("id").asText();
    return Poll.until(
            () -> Optional.of(cost(path)).filter(cost -> !cost.path("estimated").asBoolean(true)))
        .get("amount")
        .asDouble();
  }

  private static JsonNode cost(String path) {
    try {
      return JSON.readTree(atelier.get(path).body()).get("cost");
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Offset<Double> within() {
    return Offset.offset(0.000001);
  }
}
