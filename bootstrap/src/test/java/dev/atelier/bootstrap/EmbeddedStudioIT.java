package dev.atelier.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The built service without any settings, as a new user starts it. */
@Execution(ExecutionMode.CONCURRENT)
class EmbeddedStudioIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @Test
  void aPromptBecomesAnImageWithoutAnySettings() throws Exception {
    try (var atelier = AtelierProcess.start(folder, Map.of())) {
      HttpResponse<String> accepted =
          atelier.post(
              "/api/generate",
              """
              {"prompt": "a lighthouse at dusk", "width": 640, "height": 384}
              """);
      assertThat(accepted.statusCode()).isEqualTo(202);
      String location = accepted.headers().firstValue("Location").orElseThrow();
      String id = JSON.readTree(accepted.body()).get("id").asText();
      assertThat(location).endsWith("/api/predictions/" + id);

      JsonNode generation =
          JSON.readTree(atelier.get("/api/predictions/" + id + "?wait=30").body());

      assertThat(generation.get("status").asText()).isEqualTo("succeeded");
      HttpResponse<byte[]> picture = atelier.getBytes(generation.get("outputUrl").asText());
      assertThat(picture.statusCode()).isEqualTo(200);
      assertThat(picture.headers().firstValue("Content-Type")).contains("image/png");
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(picture.body()));
      assertThat(image.getWidth()).isEqualTo(640);
      assertThat(image.getHeight()).isEqualTo(384);
      assertThat(atelier.log())
          .contains("The studio is at http://localhost:" + atelier.port())
          .contains("embedded PostgreSQL")
          .contains("sandbox")
          .doesNotContain("lighthouse")
          .doesNotContain("whsec_")
          .doesNotContain("sk-");
    }
  }

  @Test
  void afterAKillTheNextStartHasAllData() throws Exception {
    JsonNode generation;
    ProcessHandle orphan;
    try (var atelier = AtelierProcess.start(folder, Map.of())) {
      generation =
          JSON.readTree(
              atelier
                  .post("/api/generate", "{\"prompt\": \"a lighthouse\"}", "Prefer", "wait=30")
                  .body());
      orphan = postmaster();
      atelier.kill();
    }
    assertThat(orphan.isAlive()).isTrue();

    try (var restarted = AtelierProcess.start(folder, Map.of())) {
      assertThat(orphan.isAlive()).isFalse();
      assertThat(restarted.log()).contains("that a killed Atelier left behind");
      JsonNode reread =
          JSON.readTree(restarted.get("/api/predictions/" + generation.get("id").asText()).body());
      assertThat(reread.get("status").asText()).isEqualTo("succeeded");
      assertThat(reread.get("assets").get(0).get("sha256"))
          .isEqualTo(generation.get("assets").get(0).get("sha256"));
      String picture = "/api/predictions/" + generation.get("id").asText() + "/output/0";
      assertThat(restarted.getBytes(picture).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void sigtermStopsTheServiceAndEverythingItStarted() throws Exception {
    try (var atelier = AtelierProcess.start(folder, Map.of())) {
      ProcessHandle postmaster = postmaster();

      assertThat(atelier.stop()).isEqualTo(128 + 15);

      assertThat(postmaster.isAlive()).isFalse();
      assertThat(atelier.log())
          .endsWith("Stopped\n")
          .doesNotContain("WARN")
          .doesNotContain("ERROR");
    }
  }

  @Test
  void aSecondServiceOnTheSameDataExits() throws Exception {
    try (var atelier = AtelierProcess.start(folder, Map.of());
        var second = AtelierProcess.launch(folder, Map.of())) {
      assertThat(second.exitStatus()).isEqualTo(69);

      assertThat(second.log()).contains("Another Atelier is running on the data in");
      assertThat(atelier.get("/health/ready").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aPortInUseIsReported(@TempDir Path another) throws Exception {
    try (var socket = new ServerSocket(0);
        var atelier =
            AtelierProcess.launch(
                another, Map.of("PORT", Integer.toString(socket.getLocalPort())))) {
      assertThat(atelier.exitStatus()).isEqualTo(69);

      assertThat(atelier.log())
          .contains("Atelier cannot start: ")
          .contains(Integer.toString(socket.getLocalPort()))
          .doesNotContain("\tat ");
    }
  }

  private ProcessHandle postmaster() throws IOException {
    Path pidFile = folder.resolve(".atelier/postgres/data/postmaster.pid");
    return ProcessHandle.of(Long.parseLong(Files.readAllLines(pidFile).getFirst())).orElseThrow();
  }
}
