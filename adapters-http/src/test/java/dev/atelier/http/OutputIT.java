package dev.atelier.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.application.GetOutput;
import dev.atelier.application.port.BreakingInputStream;
import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Generations;
import dev.atelier.domain.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputIT {
  private static final GenerationId ID = Generations.submitting().id();
  private static final String PATH = "/api/predictions/" + ID + "/output/0";

  @Test
  void aResultIsSentAsItWasStoredAndCanOnlyBeShown() {
    byte[] picture = TestServer.png(100_000);
    try (var studio = TestServer.start()) {
      GenerationId id = studio.succeeded(TestServer.png(10), picture);

      Answer answer = studio.get("/api/predictions/" + id + "/output/1");

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(picture);
      assertThat(answer.header("Content-Type")).contains("image/png");
      assertThat(answer.header("Content-Length")).contains("100000");
      assertThat(answer.header("Content-Encoding")).isEmpty();
      assertThat(answer.header("X-Content-Type-Options")).contains("nosniff");
      assertThat(answer.header("Content-Security-Policy")).contains("sandbox; default-src 'none'");
      assertThat(answer.header("Cache-Control")).contains("private, max-age=31536000, immutable");
      assertThat(answer.header("Content-Disposition"))
          .contains("inline; filename=\"" + id + "-1.png\"");
      assertThat(answer.header("ETag")).contains('"' + sha256(studio, id) + '"');
    }
  }

  private static String sha256(TestServer studio, GenerationId id) {
    return studio
        .get("/api/predictions/" + id)
        .json()
        .get("assets")
        .get(1)
        .get("sha256")
        .textValue();
  }

  @Test
  void aResultThatTheClientHasIsNotSentAgain() {
    try (var studio = TestServer.start()) {
      String path = "/api/predictions/" + studio.succeeded(TestServer.png(10)) + "/output/0";
      String tag = studio.get(path).header("ETag").orElseThrow();

      Answer answer =
          studio.raw(
              "GET "
                  + path
                  + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nIf-None-Match: \"x\", "
                  + tag
                  + "\r\n\r\n");

      assertThat(answer.status()).isEqualTo(304);
      assertThat(answer.header("Content-Type")).contains("image/png");
      assertThat(answer.header("Content-Length")).contains("10");
      assertThat(answer.body()).isEmpty();
    }
  }

  @Test
  void headersAreToBeHadWithoutTheBytes() {
    try (var studio = TestServer.start()) {
      String path = "/api/predictions/" + studio.succeeded(TestServer.png(123_456)) + "/output/0";

      Answer answer = studio.send("HEAD", path, new byte[0]);

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("Content-Length")).contains("123456");
      assertThat(answer.header("Content-Type")).contains("image/png");
      assertThat(answer.body()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "-1", "00000", "x", "99999999999", "0.png"})
  void aResultThatIsNotThereIsNotFound(String number) {
    try (var studio = TestServer.start()) {
      GenerationId id = studio.succeeded(TestServer.png(10));

      studio.get("/api/predictions/" + id + "/output/" + number).isProblem(404, "not_found");
      studio.get("/api/predictions/nonsense/output/" + number).isProblem(404, "not_found");
    }
  }

  @Test
  void anActiveGenerationHasNoResultYet() {
    try (var studio = TestServer.start()) {
      studio.get("/api/predictions/" + studio.queued() + "/output/0").isProblem(404, "not_found");
    }
  }

  @Test
  void aBrokenStorageIsUnavailable() {
    try (var studio = TestServer.start()) {
      GenerationId id = studio.succeeded(TestServer.png(10));
      studio.blobs.breakDown(true);

      studio.get("/api/predictions/" + id + "/output/0").isProblem(503, "unavailable");
    }
  }

  @Test
  void aStorageThatBreaksOffAtOnceIsUnavailable() {
    var bytes = new BreakingInputStream(new byte[0], new IOException("disk"));
    try (var studio = serving(1000, bytes)) {
      Answer answer = studio.get(PATH).isProblem(503, "unavailable");

      assertThat(answer.header("ETag")).isEmpty();
      assertThat(answer.header("Content-Disposition")).isEmpty();
    }
  }

  @Test
  void aStorageThatBreaksOffLaterNeverLooksLikeAWholePicture() {
    var bytes = new BreakingInputStream(new byte[500_000], new IOException("disk"));
    try (var studio = serving(1_000_000, bytes)) {
      assertThatThrownBy(() -> studio.get(PATH)).hasCauseInstanceOf(IOException.class);
    }
  }

  @Test
  void aClientThatLeavesWhileItIsServedLeaksNothing() throws Exception {
    var endless = new Endless();
    try (var studio = serving(1L << 40, endless)) {
      try (Socket socket = studio.connect()) {
        socket
            .getOutputStream()
            .write(
                ("GET " + PATH + " HTTP/1.1\r\nHost: x\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        assertThat(socket.getInputStream().readNBytes(1_000_000)).hasSize(1_000_000);
      }

      assertThat(endless.closed.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(studio.get("/health/live").status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HEAD", "GET"})
  void theBytesAreClosedEvenWhereNoneAreSent(String method) throws Exception {
    var endless = new Endless();
    try (var studio = serving(1000, endless)) {
      Answer answer =
          studio.send(method, PATH, new byte[0], "If-None-Match", method.equals("GET") ? "*" : "x");

      assertThat(answer.body()).isEmpty();
      assertThat(endless.closed.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** A server whose every output is of this size and has these bytes. */
  private static TestServer serving(long size, InputStream bytes) {
    var asset = new Asset(BlobKey.of(ID, 0, MediaType.PNG), MediaType.PNG, size, "0".repeat(64));
    return TestServer.start(
        useCases ->
            new UseCases(
                useCases.generateImage(),
                useCases.handleWebhook(),
                useCases.getStatus(),
                _ -> new GetOutput.Result.Found(asset, bytes),
                useCases.checkReadiness(),
                useCases.sweep()));
  }

  private static final class Endless extends InputStream {
    private final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public int read() {
      return 0;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      return length;
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }
}
