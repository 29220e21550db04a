package dev.atelier.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.persistence.blob.gcs.FakeGcs;
import dev.atelier.persistence.postgres.PostgresServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built service with its outputs in a bucket. */
class GoogleCloudStorageIT {
  private static final String CDN = "https://cdn.example.test/pictures";

  private final FakeGcs gcs = FakeGcs.start();
  private final Map<String, String> variables =
      new HashMap<>(
          Map.of(
              "DATABASE_URL",
              "postgresql://postgres:postgres@" + PostgresServer.shared().newDatabase().address(),
              "BLOB_STORE",
              "gs://" + FakeGcs.BUCKET + "/v1",
              "STORAGE_EMULATOR_HOST",
              gcs.endpoint().getAuthority()));

  @TempDir private Path folder;

  @AfterEach
  void close() {
    gcs.close();
  }

  @Test
  void anOutputIsKeptInTheBucketUntilItsGenerationIsDeleted() throws Exception {
    try (var atelier = AtelierProcess.start(folder, variables)) {
      JsonNode generation = generateAndWait(atelier);
      String name = "v1/generations/" + generation.get("id").asText() + "/0.png";
      JsonNode asset = generation.get("assets").get(0);

      FakeGcs.Stored kept = gcs.object(name).orElseThrow();
      assertThat(sha256(kept.bytes())).isEqualTo(asset.get("sha256").asText());
      assertThat(kept.contentType()).isEqualTo("image/png");
      HttpResponse<byte[]> served = atelier.getBytes(generation.get("outputUrl").asText());
      assertThat(served.statusCode()).isEqualTo(200);
      assertThat(served.body()).isEqualTo(kept.bytes());

      assertThat(atelier.delete("/api/predictions/" + generation.get("id").asText()).statusCode())
          .isEqualTo(204);
      assertThat(gcs.object(name)).isEmpty();
    }
  }

  @Test
  void clientsAreSentToThePublicAddressOfTheBucket() throws Exception {
    variables.put("BLOB_PUBLIC_URL", CDN);
    try (var atelier = AtelierProcess.start(folder, variables)) {
      JsonNode generation = generateAndWait(atelier);

      HttpResponse<byte[]> sent = atelier.getBytes(generation.get("outputUrl").asText());

      assertThat(sent.statusCode()).isEqualTo(302);
      assertThat(sent.headers().firstValue("Location"))
          .contains(CDN + "/generations/" + generation.get("id").asText() + "/0.png");
    }
  }

  private static JsonNode generateAndWait(AtelierProcess atelier) throws Exception {
    HttpResponse<String> answer =
        atelier.post("/api/generate", "{\"prompt\": \"a harbour\"}", "Prefer", "wait=30");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new ObjectMapper().readTree(answer.body());
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
