package dev.atelier.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built service with API keys, signed links, CORS, a rate limit and JSON logs. */
class LockedStudioIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  /** SHA-256 of {@code the-key-of-web}. */
  private static final String DIGEST =
      "5b80c7791b5bf6e9a392c09db8ab65e2435f881f074a28180494f5f740869c84";

  private final TestDatabase database = new TestDatabase();

  @TempDir private Path folder;

  @Test
  void generatingNeedsAKeyAndTheSignedLinkDoesNot() throws Exception {
    List<JsonNode> lines;
    try (var atelier =
        AtelierProcess.start(
            folder,
            Map.of(
                "DATABASE_URL",
                database.url(),
                "AUTH",
                "api-key",
                "API_KEYS",
                "web:" + DIGEST,
                "LINK_KEY",
                "a link key of forty random characters...",
                "CORS_ORIGINS",
                "https://app.example",
                "RATE_LIMIT",
                "100",
                "LOG_FORMAT",
                "json",
                "GOOGLE_CLOUD_PROJECT",
                "my-project"))) {
      String body = "{\"prompt\": \"a lighthouse at dusk\"}";
      assertThat(atelier.post("/api/generate", body).statusCode()).isEqualTo(401);

      HttpResponse<String> finished =
          atelier.post(
              "/api/generate",
              body,
              "Authorization",
              "Bearer the-key-of-web",
              "Prefer",
              "wait=30",
              "Origin",
              "https://app.example",
              "traceparent",
              "00-" + TRACE + "-00f067aa0ba902b7-01");

      assertThat(finished.statusCode()).as(finished.body()).isEqualTo(200);
      assertThat(finished.headers().firstValue("Access-Control-Allow-Origin"))
          .contains("https://app.example");
      assertThat(finished.headers().firstValue("RateLimit-Policy"))
          .contains("\"requests\";q=100;w=60, \"active\";q=10");
      String link = JSON.readTree(finished.body()).get("outputUrl").asText();
      assertThat(atelier.getBytes(link).statusCode()).isEqualTo(200);
      assertThat(atelier.get(link.substring(0, link.indexOf('?'))).statusCode()).isEqualTo(401);
      atelier.stop();
      assertThat(atelier.log())
          .doesNotContain("the-key-of-web", "a link key", DIGEST, "lighthouse", "signature=");
      lines = parsed(atelier.log());
    }

    assertThat(lines).allMatch(line -> line.hasNonNull("severity") && line.hasNonNull("message"));
    assertThat(lines)
        .filteredOn(line -> line.path("httpRequest").path("status").asInt() == 200)
        .filteredOn(
            line -> line.path("httpRequest").path("requestUrl").asText().equals("/api/generate"))
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.get("logging.googleapis.com/trace").asText())
                  .isEqualTo("projects/my-project/traces/" + TRACE);
              assertThat(line.get("logging.googleapis.com/spanId").asText())
                  .matches("[0-9a-f]{16}")
                  .isNotEqualTo("00f067aa0ba902b7");
              assertThat(line.get("requestId").asText()).isNotEmpty();
            });
  }

  private static List<JsonNode> parsed(String log) throws Exception {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : log.lines().toList()) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }
}
