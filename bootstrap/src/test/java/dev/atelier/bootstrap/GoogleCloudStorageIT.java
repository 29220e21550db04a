package dev.atelier.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atelier.persistence.blob.gcs.FakeGcs;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built service with a bucket as blob store. */
class GoogleCloudStorageIT {
  private static final String CDN = "https://cdn.example.test/pictures";

  @AutoClose private final FakeGcs gcs = FakeGcs.start();
  private final Map<String, String> variables =
      new HashMap<>(
          Map.of(
              "DATABASE_URL",
              new TestDatabase().url(),
              "BLOB_STORE",
              "gs://" + FakeGcs.BUCKET + "/v1",
              "STORAGE_EMULATOR_HOST",
              gcs.endpoint().getAuthority()));

  @TempDir private Path folder;

  @Test
  void anOutputIsInTheBucketUntilItsGenerationIsDeleted() throws Exception {
    try (var atelier = AtelierProcess.start(folder, variables)) {
      JsonNode generation = atelier.generateAndWait("{\"prompt\": \"a harbour\"}");
      String name = "v1/generations/" + generation.get("id").asText() + "/0.png";
      JsonNode asset = generation.get("assets").get(0);

      FakeGcs.Stored stored = gcs.object(name).orElseThrow();
      assertThat(Audit.sha256(stored.bytes())).isEqualTo(asset.get("sha256").asText());
      assertThat(stored.contentType()).isEqualTo("image/png");
      HttpResponse<byte[]> served = atelier.getBytes(generation.get("outputUrl").asText());
      assertThat(served.statusCode()).isEqualTo(200);
      assertThat(served.body()).isEqualTo(stored.bytes());

      assertThat(atelier.delete("/api/predictions/" + generation.get("id").asText()).statusCode())
          .isEqualTo(204);
      assertThat(gcs.object(name)).isEmpty();
    }
  }

  @Test
  void outputsRedirectToThePublicUrlOfTheBucket() throws Exception {
    variables.put("BLOB_PUBLIC_URL", CDN);
    try (var atelier = AtelierProcess.start(folder, variables)) {
      JsonNode generation = atelier.generateAndWait("{\"prompt\": \"a harbour\"}");

      HttpResponse<byte[]> response = atelier.getBytes(generation.get("outputUrl").asText());

      assertThat(response.statusCode()).isEqualTo(302);
      assertThat(response.headers().firstValue("Location"))
          .contains(CDN + "/generations/" + generation.get("id").asText() + "/0.png");
    }
  }
}
