package dev.atelier.http.route;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.application.port.BlobLink;
import dev.atelier.application.port.BreakingInputStream;
import dev.atelier.application.port.ByteRange;
import dev.atelier.application.port.Noise;
import dev.atelier.application.query.GetOutput;
import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Generations;
import dev.atelier.domain.MediaType;
import dev.atelier.http.Logs;
import dev.atelier.http.Response;
import dev.atelier.http.TestServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutputIT {
  private static final GenerationId ID = Generations.submitting().id();
  private static final String PATH = "/api/predictions/" + ID + "/output/0";

  @Test
  void anOutputIsServedUnchangedWithProtectiveHeaders() {
    byte[] file = TestServer.png(100_000);
    try (var studio = TestServer.start()) {
      GenerationId id = studio.succeeded(TestServer.png(10), file);

      Response response = studio.get("/api/predictions/" + id + "/output/1");

      assertThat(response.status()).isEqualTo(200);
      assertThat(response.body()).isEqualTo(file);
      assertThat(response.header("Content-Type")).contains("image/png");
      assertThat(response.header("Content-Length")).contains("100000");
      assertThat(response.header("Content-Encoding")).isEmpty();
      assertThat(response.header("X-Content-Type-Options")).contains("nosniff");
      assertThat(response.header("Content-Security-Policy"))
          .contains("sandbox; default-src 'none'");
      assertThat(response.header("Cache-Control")).contains("private, max-age=31536000, immutable");
      assertThat(response.header("Vary")).contains("Authorization");
      assertThat(response.header("Content-Disposition"))
          .contains("inline; filename=\"" + id + "-1.png\"");
      assertThat(response.header("ETag")).contains('"' + sha256(studio, id) + '"');
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
  void aMatchingETagIsAnswered304() {
    try (var studio = TestServer.start()) {
      String path = "/api/predictions/" + studio.succeeded(TestServer.png(10)) + "/output/0";
      String tag = studio.get(path).header("ETag").orElseThrow();

      Response response =
          studio.raw(
              "GET "
                  + path
                  + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nIf-None-Match: \"x\", "
                  + tag
                  + "\r\n\r\n");

      assertThat(response.status()).isEqualTo(304);
      assertThat(response.header("Content-Type")).contains("image/png");
      assertThat(response.header("Content-Length")).contains("10");
      assertThat(response.body()).isEmpty();
    }
  }

  @Test
  void headReturnsTheHeadersWithoutTheBytes() {
    try (var studio = TestServer.start()) {
      String path = "/api/predictions/" + studio.succeeded(TestServer.png(123_456)) + "/output/0";

      Response response = studio.send("HEAD", path, new byte[0]);

      assertThat(response.status()).isEqualTo(200);
      assertThat(response.header("Content-Length")).contains("123456");
      assertThat(response.header("Content-Type")).contains("image/png");
      assertThat(response.body()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "-1", "00000", "x", "99999999999", "0.png"})
  void anUnknownOutputIsNotFound(String number) {
    try (var studio = TestServer.start()) {
      GenerationId id = studio.succeeded(TestServer.png(10));

      studio.get("/api/predictions/" + id + "/output/" + number).isProblem(404, "not_found");
      studio.get("/api/predictions/nonsense/output/" + number).isProblem(404, "not_found");
    }
  }

  @Test
  void anActiveGenerationHasNoOutput() {
    try (var studio = TestServer.start()) {
      studio.get("/api/predictions/" + studio.queued() + "/output/0").isProblem(404, "not_found");
    }
  }

  @Test
  void aStorageOutageIsAnswered503() {
    try (var studio = TestServer.start()) {
      GenerationId id = studio.succeeded(TestServer.png(10));
      studio.blobs.breakDown(true);

      studio.get("/api/predictions/" + id + "/output/0").isProblem(503, "unavailable");
    }
  }

  @Test
  void aStorageFailureBeforeTheFirstByteIsAnswered503() {
    var bytes = new BreakingInputStream(new byte[0], new IOException("disk"));
    try (var studio = serving(1000, bytes)) {
      Response response = studio.get(PATH).isProblem(503, "unavailable");

      assertThat(response.header("ETag")).isEmpty();
      assertThat(response.header("Content-Disposition")).isEmpty();
    }
  }

  @Test
  void aLaterStorageFailureAbortsTheConnection() {
    var bytes = new BreakingInputStream(new byte[500_000], new IOException("disk"));
    try (var studio = serving(1_000_000, bytes)) {
      assertThatThrownBy(() -> studio.get(PATH)).hasCauseInstanceOf(IOException.class);
    }
  }

  @Test
  void aClientDisconnectClosesTheBlob() throws Exception {
    var endless = new EndlessStream();
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

  @Test
  void theBlobIsNotOpenedIfNoBytesAreSent() {
    try (var studio =
        serving(
            1000,
            _ -> {
              throw new AssertionError("blob opened");
            })) {
      assertThat(studio.send("HEAD", PATH, new byte[0]).status()).isEqualTo(200);
      assertThat(studio.get(PATH, "If-None-Match", "*").status()).isEqualTo(304);
      studio.get(PATH, "Range", "bytes=1000-").isProblem(416, "range_not_satisfiable");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, 1",
    "bytes=0-, 0, 100000",
    "bytes=99999-, 99999, 1",
    "bytes=100-199, 100, 100",
    "bytes=70000-999999999999, 70000, 30000",
    "bytes=-1, 99999, 1",
    "bytes=-100000, 0, 100000",
    "bytes=-999999999, 0, 100000",
    "bytes = 5 - 6, 5, 2"
  })
  void aRangeIsAnsweredWithPartialContent(String range, int first, int length) {
    byte[] file = noise(100_000);
    try (var studio = TestServer.start()) {
      String path = "/api/predictions/" + studio.succeeded(file) + "/output/0";

      Response response = studio.get(path, "Range", range);

      assertThat(response.status()).isEqualTo(206);
      assertThat(response.body())
          .isEqualTo(Arrays.copyOfRange(file, first, first + length))
          .hasSize(length);
      assertThat(response.header("Content-Range"))
          .contains("bytes " + first + "-" + (first + length - 1) + "/100000");
      assertThat(response.header("Content-Length")).contains(Integer.toString(length));
      assertThat(response.header("Content-Type")).contains("image/png");
      assertThat(response.header("ETag")).isPresent();
      assertThat(response.header("X-Content-Type-Options")).contains("nosniff");
      assertThat(response.header("Content-Security-Policy"))
          .contains("sandbox; default-src 'none'");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes=0-1,5-6",
        "bytes=5-4",
        "bytes=-",
        "bytes=",
        "bytes",
        "items=0-1",
        "bytes=a-b",
        "bytes=0-1-2",
        "bytes=--1",
        "bytes=0-99999999999999999999",
        "",
        "\u00e9"
      })
  void multipleOrInvalidRangesAreAnsweredWithTheWholeOutput(String range) {
    try (var studio = TestServer.start()) {
      String path = "/api/predictions/" + studio.succeeded(TestServer.png(1000)) + "/output/0";

      Response response =
          studio.raw(
              "GET "
                  + path
                  + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nRange: "
                  + range
                  + "\r\n\r\n");

      assertThat(response.status()).isEqualTo(200);
      assertThat(response.body()).hasSize(1000);
      assertThat(response.header("Content-Range")).isEmpty();
      assertThat(response.header("Accept-Ranges")).contains("bytes");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bytes=1000-", "bytes=1000-1001", "bytes=999999999999999999-", "bytes=-0"})
  void aRangeOutsideTheOutputIsAnswered416(String range) {
    try (var studio = TestServer.start()) {
      String path = "/api/predictions/" + studio.succeeded(TestServer.png(1000)) + "/output/0";

      Response response = studio.get(path, "Range", range).isProblem(416, "range_not_satisfiable");

      assertThat(response.header("Content-Range")).contains("bytes */1000");
      assertThat(response.header("ETag")).isEmpty();
    }
  }

  @Test
  void aRangeIsIgnoredUnlessIfRangeMatches() {
    try (var studio = TestServer.start()) {
      String path = "/api/predictions/" + studio.succeeded(TestServer.png(1000)) + "/output/0";
      String tag = studio.get(path).header("ETag").orElseThrow();

      assertThat(studio.get(path, "Range", "bytes=0-9", "If-Range", tag).status()).isEqualTo(206);
      for (String other :
          List.of("\"x\"", "W/" + tag, "*", "Sat, 21 Nov 2026 10:00:00 GMT", tag + ", " + tag)) {
        Response response = studio.get(path, "Range", "bytes=0-9", "If-Range", other);
        assertThat(response.status()).as(other).isEqualTo(200);
        assertThat(response.body()).hasSize(1000);
      }
    }
  }

  @Test
  void headAnd304IgnoreTheRange() {
    try (var studio = TestServer.start()) {
      String path = "/api/predictions/" + studio.succeeded(TestServer.png(1000)) + "/output/0";
      String tag = studio.get(path).header("ETag").orElseThrow();

      Response head = studio.send("HEAD", path, new byte[0], "Range", "bytes=0-9");
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("Content-Length")).contains("1000");
      assertThat(studio.get(path, "Range", "bytes=0-9", "If-None-Match", tag).status())
          .isEqualTo(304);
    }
  }

  @Test
  void aRangeIsServedFromTheSpool() {
    byte[] file = noise(100_000);
    try (var studio = TestServer.start()) {
      studio.blobs.breakDown(true);
      String path = "/api/predictions/" + studio.succeeded(file) + "/output/0";

      Response response = studio.get(path, "Range", "bytes=50000-50009");

      assertThat(response.status()).isEqualTo(206);
      assertThat(response.body()).isEqualTo(Arrays.copyOfRange(file, 50_000, 50_010));
    }
  }

  @Test
  void theDownloadParameterMakesTheOutputAnAttachment() {
    try (var studio = TestServer.start()) {
      GenerationId id = studio.succeeded(TestServer.png(10));
      String path = "/api/predictions/" + id + "/output/0";

      for (String query : List.of("?download", "?download=1", "?download=evil%22.html")) {
        assertThat(studio.get(path + query).header("Content-Disposition"))
            .contains("attachment; filename=\"" + id + "-0.png\"");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(MediaType.class)
  void unsafeTypesAreAlwaysAttachments(MediaType type) {
    var asset = new Asset(BlobKey.of(ID, 0, type), type, 1000, "0".repeat(64));
    String disposition =
        "%s; filename=\"%s-0.%s\""
            .formatted(type.isInline() ? "inline" : "attachment", ID, type.extension());
    try (var studio = serving(asset, OutputIT::zeros)) {
      String tag = studio.get(PATH).header("ETag").orElseThrow();

      for (Response response :
          List.of(
              studio.get(PATH),
              studio.get(PATH, "Range", "bytes=0-9"),
              studio.get(PATH, "If-None-Match", tag),
              studio.send("HEAD", PATH, new byte[0]))) {
        assertThat(response.header("Content-Disposition")).contains(disposition);
        assertThat(response.header("Content-Type")).contains(type.value());
        assertThat(response.header("X-Content-Type-Options")).contains("nosniff");
        assertThat(response.header("Content-Security-Policy"))
            .contains("sandbox; default-src 'none'");
      }
    }
  }

  @Test
  void theSignedUrlOfAnUnsafeTypeIsForAnAttachment() {
    var requested = new AtomicReference<String>();
    var asset = new Asset(BlobKey.of(ID, 0, MediaType.SVG), MediaType.SVG, 9, "0".repeat(64));
    try (var studio =
        serving(
            asset,
            new GetOutput.Content() {
              @Override
              public Optional<BlobLink> link(String disposition) {
                requested.set(disposition);
                URI url = URI.create("https://cdn.example/0.svg");
                return Optional.of(new BlobLink(url, Duration.ofMinutes(10)));
              }

              @Override
              public Optional<InputStream> open(ByteRange range) {
                return Optional.empty();
              }
            })) {
      assertThat(studio.get(PATH).status()).isEqualTo(302);
      assertThat(requested).hasValue("attachment; filename=\"" + ID + "-0.svg\"");
    }
  }

  @Test
  void anSvgIsServedUnchangedAsAnAttachment() {
    byte[] svg = "<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>".getBytes(US_ASCII);
    try (var studio = TestServer.start()) {
      GenerationId id = studio.succeeded(svg);

      Response response = studio.get("/api/predictions/" + id + "/output/0");

      assertThat(response.body()).isEqualTo(svg);
      assertThat(response.header("Content-Type")).contains("image/svg+xml");
      assertThat(response.header("Content-Disposition"))
          .contains("attachment; filename=\"" + id + "-0.svg\"");
    }
  }

  @Test
  void outputsRedirectToAStorageWithPublicUrls() {
    try (var studio = TestServer.start()) {
      GenerationId id = studio.succeeded(TestServer.png(1000));
      String path = "/api/predictions/" + id + "/output/0";
      studio.blobs.publishAt(URI.create("https://cdn.example"));

      Response response = studio.get(path);

      assertThat(response.status()).isEqualTo(302);
      assertThat(response.header("Vary")).contains("Authorization");
      assertThat(response.header("Location"))
          .contains("https://cdn.example/generations/" + id + "/0.png");
      // Half the validity of the link.
      assertThat(response.header("Cache-Control")).contains("private, max-age=300");
      assertThat(response.header("ETag")).isEmpty();
      assertThat(response.body()).isEmpty();
      assertThat(studio.get(path, "If-None-Match", "*").status()).isEqualTo(304);
      Response head = studio.send("HEAD", path, new byte[0]);
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("Content-Length")).contains("1000");
    }
  }

  @Test
  void spooledOutputsAreServedDirectly() {
    try (var studio = TestServer.start()) {
      studio.blobs.publishAt(URI.create("https://cdn.example"));
      studio.blobs.breakDown(true);
      String path = "/api/predictions/" + studio.succeeded(TestServer.png(1000)) + "/output/0";

      assertThat(studio.get(path).body()).hasSize(1000);

      studio.blobs.breakDown(false);
      assertThat(studio.get(path).body()).hasSize(1000);
    }
  }

  /** Not 404, because the output was stored, and not 503, because a retry does not help. */
  @Test
  void aBlobMissingFromTheStorageIsAnswered410AndLogged() {
    try (var logs = new Logs();
        var studio = TestServer.start()) {
      GenerationId id = studio.succeeded(TestServer.png(1000));
      String path = "/api/predictions/" + id + "/output/0";

      studio.blobs.delete(BlobKey.of(id, 0, MediaType.PNG));

      for (String range : List.of("", "bytes=0-9")) {
        Response response = studio.get(path, "Range", range).isProblem(410, "gone");
        assertThat(response.header("Content-Range")).isEmpty();
        assertThat(response.header("ETag")).isEmpty();
      }
      assertThat(logs.lines())
          .filteredOn(line -> line.startsWith("ERROR"))
          .hasSize(2)
          .allMatch(
              line ->
                  line.contains(
                      "stored output missing from the storage: generation=" + id + " output=0"));
    }
  }

  /** PNG signature, then bytes that depend on their position. */
  private static byte[] noise(int length) {
    byte[] bytes = TestServer.png(length);
    for (int i = 8; i < length; i++) {
      bytes[i] = Noise.at(i);
    }
    return bytes;
  }

  private static Optional<InputStream> zeros(ByteRange range) {
    return Optional.of(new ByteArrayInputStream(new byte[(int) range.length()]));
  }

  /** Starts a server on which every output has this size and content. */
  private static TestServer serving(long size, InputStream bytes) {
    return serving(size, _ -> Optional.of(bytes));
  }

  private static TestServer serving(long size, Function<ByteRange, Optional<InputStream>> content) {
    var asset = new Asset(BlobKey.of(ID, 0, MediaType.PNG), MediaType.PNG, size, "0".repeat(64));
    return serving(asset, content);
  }

  private static TestServer serving(
      Asset asset, Function<ByteRange, Optional<InputStream>> content) {
    return serving(asset, content(content));
  }

  private static TestServer serving(Asset asset, GetOutput.Content content) {
    return TestServer.start(GetOutput.class, _ -> _ -> new GetOutput.Result.Found(asset, content));
  }

  private static GetOutput.Content content(Function<ByteRange, Optional<InputStream>> bytes) {
    return new GetOutput.Content() {
      @Override
      public Optional<BlobLink> link(String disposition) {
        return Optional.empty();
      }

      @Override
      public Optional<InputStream> open(ByteRange range) {
        return bytes.apply(range);
      }
    };
  }

  private static final class EndlessStream extends InputStream {
    private final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public int read() {
      return 0;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      return length;
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }
}
