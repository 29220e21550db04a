package dev.atelier.http.header;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.FakeWebhooks;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.http.Response;
import dev.atelier.http.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentEncodingIT {
  @AutoClose private final TestServer server = TestServer.start();

  @ParameterizedTest
  @ValueSource(
      strings = {"gzip", "x-gzip", "GZIP", "deflate", "br", "zstd", "made-up", "identity, gzip"})
  void aContentCodingIsRejectedWithAcceptEncoding(String coding) {
    assertRefused(server.generate(TestServer.BODY, "Content-Encoding", coding));
    assertThat(server.skytells.sold()).isEmpty();
  }

  @Test
  void aCompressedBodyIsRejectedBeforeItIsParsed() throws IOException {
    var compressed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(compressed)) {
      gzip.write(TestServer.BODY.getBytes(StandardCharsets.UTF_8));
    }

    assertRefused(
        server.send(
            "POST",
            "/api/generate",
            compressed.toByteArray(),
            "Content-Type",
            "application/json",
            "Content-Encoding",
            "gzip"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity", "Identity", "", "identity, identity"})
  void theIdentityCodingIsAccepted(String coding) {
    assertThat(server.generate(TestServer.BODY, "Content-Encoding", coding).status())
        .isEqualTo(202);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/webhooks",
        "/api/webhooks/skytells",
        "/api/webhooks/skytells/0198c0de-5d00-7000-8000-0000000000a1",
        "/api/predictions/0198c0de-5d00-7000-8000-0000000000a1/cancel",
        "/internal/sweep"
      })
  void everyOtherPostRejectsAContentCoding(String path) {
    assertRefused(
        server.send(
            "POST",
            path,
            server.webhooks.saying(new Prediction.Canceled(new PredictionId("pred_1"))),
            "X-Skytells-Signature",
            FakeWebhooks.SIGNATURE.orElseThrow(),
            "Authorization",
            "Bearer " + TestServer.INTERNAL_KEY.value(),
            "Content-Encoding",
            "gzip"));
  }

  @Test
  void anUnknownPathIsNotFoundWhateverTheContentCoding() {
    assertThat(server.post("/nowhere", "x", "Content-Encoding", "gzip").status()).isEqualTo(404);
  }

  private static void assertRefused(Response response) {
    assertThat(response.status()).isEqualTo(415);
    assertThat(response.header("Accept-Encoding")).isEqualTo(Optional.of("identity"));
    assertThat(response.json().get("code").textValue()).isEqualTo("unsupported_content_encoding");
    assertThat(response.json().get("retryable").booleanValue()).isFalse();
  }
}
