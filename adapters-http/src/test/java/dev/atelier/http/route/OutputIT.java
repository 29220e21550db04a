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
import dev.atelier.http.Answer;
import dev.atelier.http.Logs;
import dev.atelier.http.TestServer;
import dev.atelier.http.server.UseCases;
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
      assertThat(answer.header("Vary")).contains("Authorization");
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

  @Test
  void noBytesAreOpenedWhereNoneAreSent() {
    try (var studio =
        serving(
            1000,
            _ -> {
              throw new AssertionError("opened");
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
  void aPartIsSentAlone(String range, int first, int length) {
    byte[] picture = noise(100_000);
    try (var studio = TestServer.start()) {
      String path = "/api/predictions/" + studio.succeeded(picture) + "/output/0";

      Answer answer = studio.get(path, "Range", range);

      assertThat(answer.status()).isEqualTo(206);
      assertThat(answer.body())
          .isEqualTo(Arrays.copyOfRange(picture, first, first + length))
          .hasSize(length);
      assertThat(answer.header("Content-Range"))
          .contains("bytes " + first + "-" + (first + length - 1) + "/100000");
      assertThat(answer.header("Content-Length")).contains(Integer.toString(length));
      assertThat(answer.header("Content-Type")).contains("image/png");
      assertThat(answer.header("ETag")).isPresent();
      assertThat(answer.header("X-Content-Type-Options")).contains("nosniff");
      assertThat(answer.header("Content-Security-Policy")).contains("sandbox; default-src 'none'");
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
  void severalPartsAndWhatIsNoPartAreAnsweredWithTheWhole(String range) {
    try (var studio = TestServer.start()) {
      String path = "/api/predictions/" + studio.succeeded(TestServer.png(1000)) + "/output/0";

      Answer answer =
          studio.raw(
              "GET "
                  + path
                  + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nRange: "
                  + range
                  + "\r\n\r\n");

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).hasSize(1000);
      assertThat(answer.header("Content-Range")).isEmpty();
      assertThat(answer.header("Accept-Ranges")).contains("bytes");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bytes=1000-", "bytes=1000-1001", "bytes=999999999999999999-", "bytes=-0"})
  void aPartThatIsNotThereIsNotSatisfiable(String range) {
    try (var studio = TestServer.start()) {
      String path = "/api/predictions/" + studio.succeeded(TestServer.png(1000)) + "/output/0";

      Answer answer = studio.get(path, "Range", range).isProblem(416, "range_not_satisfiable");

      assertThat(answer.header("Content-Range")).contains("bytes */1000");
      assertThat(answer.header("ETag")).isEmpty();
    }
  }

  @Test
  void aPartIsSentOnlyOfWhatTheClientHasTheRestOf() {
    try (var studio = TestServer.start()) {
      String path = "/api/predictions/" + studio.succeeded(TestServer.png(1000)) + "/output/0";
      String tag = studio.get(path).header("ETag").orElseThrow();

      assertThat(studio.get(path, "Range", "bytes=0-9", "If-Range", tag).status()).isEqualTo(206);
      for (String other :
          List.of("\"x\"", "W/" + tag, "*", "Sat, 21 Nov 2026 10:00:00 GMT", tag + ", " + tag)) {
        Answer answer = studio.get(path, "Range", "bytes=0-9", "If-Range", other);
        assertThat(answer.status()).as(other).isEqualTo(200);
        assertThat(answer.body()).hasSize(1000);
      }
    }
  }

  @Test
  void aRangeMeansNothingToHeadAndToWhatTheClientHas() {
    try (var studio = TestServer.start()) {
      String path = "/api/predictions/" + studio.succeeded(TestServer.png(1000)) + "/output/0";
      String tag = studio.get(path).header("ETag").orElseThrow();

      Answer head = studio.send("HEAD", path, new byte[0], "Range", "bytes=0-9");
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("Content-Length")).contains("1000");
      assertThat(studio.get(path, "Range", "bytes=0-9", "If-None-Match", tag).status())
          .isEqualTo(304);
    }
  }

  @Test
  void aPartIsServedFromTheSpool() {
    byte[] picture = noise(100_000);
    try (var studio = TestServer.start()) {
      studio.blobs.breakDown(true);
      String path = "/api/predictions/" + studio.succeeded(picture) + "/output/0";

      Answer answer = studio.get(path, "Range", "bytes=50000-50009");

      assertThat(answer.status()).isEqualTo(206);
      assertThat(answer.body()).isEqualTo(Arrays.copyOfRange(picture, 50_000, 50_010));
    }
  }

  @Test
  void whatIsAskedForAsADownloadIsAnAttachmentOfTheSameName() {
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
  void whatIsNotSafeToDisplayIsAnAttachmentHoweverItIsAskedFor(MediaType type) {
    var asset = new Asset(BlobKey.of(ID, 0, type), type, 1000, "0".repeat(64));
    String disposition =
        "%s; filename=\"%s-0.%s\""
            .formatted(type.isInline() ? "inline" : "attachment", ID, type.extension());
    try (var studio = serving(asset, OutputIT::zeros)) {
      String tag = studio.get(PATH).header("ETag").orElseThrow();

      for (Answer answer :
          List.of(
              studio.get(PATH),
              studio.get(PATH, "Range", "bytes=0-9"),
              studio.get(PATH, "If-None-Match", tag),
              studio.send("HEAD", PATH, new byte[0]))) {
        assertThat(answer.header("Content-Disposition")).contains(disposition);
        assertThat(answer.header("Content-Type")).contains(type.value());
        assertThat(answer.header("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.header("Content-Security-Policy"))
            .contains("sandbox; default-src 'none'");
      }
    }
  }

  @Test
  void aLinkToWhatIsNotSafeToDisplayIsOneToAnAttachment() {
    var asked = new AtomicReference<String>();
    var asset = new Asset(BlobKey.of(ID, 0, MediaType.SVG), MediaType.SVG, 9, "0".repeat(64));
    try (var studio =
        serving(
            asset,
            new GetOutput.Content() {
              @Override
              public Optional<BlobLink> link(String disposition) {
                asked.set(disposition);
                URI url = URI.create("https://cdn.example/0.svg");
                return Optional.of(new BlobLink(url, Duration.ofMinutes(10)));
              }

              @Override
              public Optional<InputStream> open(ByteRange range) {
                return Optional.empty();
              }
            })) {
      assertThat(studio.get(PATH).status()).isEqualTo(302);
      assertThat(asked).hasValue("attachment; filename=\"" + ID + "-0.svg\"");
    }
  }

  @Test
  void anSvgThatWasPaidForIsKeptAndServedAsItCame() {
    byte[] svg = "<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>".getBytes(US_ASCII);
    try (var studio = TestServer.start()) {
      GenerationId id = studio.succeeded(svg);

      Answer answer = studio.get("/api/predictions/" + id + "/output/0");

      assertThat(answer.body()).isEqualTo(svg);
      assertThat(answer.header("Content-Type")).contains("image/svg+xml");
      assertThat(answer.header("Content-Disposition"))
          .contains("attachment; filename=\"" + id + "-0.svg\"");
    }
  }

  @Test
  void theClientIsSentToTheStorageWhereThatCanBeAsked() {
    try (var studio = TestServer.start()) {
      GenerationId id = studio.succeeded(TestServer.png(1000));
      String path = "/api/predictions/" + id + "/output/0";
      studio.blobs.publishAt(URI.create("https://cdn.example"));

      Answer answer = studio.get(path);

      assertThat(answer.status()).isEqualTo(302);
      assertThat(answer.header("Vary")).contains("Authorization");
      assertThat(answer.header("Location"))
          .contains("https://cdn.example/generations/" + id + "/0.png");
      // Half as long as the link works: whoever follows late still has time.
      assertThat(answer.header("Cache-Control")).contains("private, max-age=300");
      assertThat(answer.header("ETag")).isEmpty();
      assertThat(answer.body()).isEmpty();
      assertThat(studio.get(path, "If-None-Match", "*").status()).isEqualTo(304);
      Answer head = studio.send("HEAD", path, new byte[0]);
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("Content-Length")).contains("1000");
    }
  }

  @Test
  void whatIsSpooledComesFromUsEvenIfTheStorageIsSentTo() {
    try (var studio = TestServer.start()) {
      studio.blobs.publishAt(URI.create("https://cdn.example"));
      studio.blobs.breakDown(true);
      String path = "/api/predictions/" + studio.succeeded(TestServer.png(1000)) + "/output/0";

      assertThat(studio.get(path).body()).hasSize(1000);

      studio.blobs.breakDown(false);
      assertThat(studio.get(path).body()).hasSize(1000);
    }
  }

  /**
   * Not 404, which is what never was, and not 503, which asks for another try: we put it there, the
   * storage works, and does not have it.
   */
  @Test
  void aResultThatHasVanishedFromTheStorageIsGoneAndNamedInTheLog() {
    try (var logs = new Logs();
        var studio = TestServer.start()) {
      GenerationId id = studio.succeeded(TestServer.png(1000));
      String path = "/api/predictions/" + id + "/output/0";

      studio.blobs.delete(BlobKey.of(id, 0, MediaType.PNG));

      for (String range : List.of("", "bytes=0-9")) {
        Answer answer = studio.get(path, "Range", range).isProblem(410, "gone");
        assertThat(answer.header("Content-Range")).isEmpty();
        assertThat(answer.header("ETag")).isEmpty();
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

  /** Bytes that tell where they are, behind the signature of a PNG. */
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

  /** A server whose every output is of this size and has these bytes. */
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
    return TestServer.start(
        useCases ->
            new UseCases(
                useCases.generateImage(),
                useCases.handleWebhook(),
                useCases.getStatus(),
                useCases.subscribeToGeneration(),
                _ -> new GetOutput.Result.Found(asset, content),
                useCases.listGenerations(),
                useCases.cancelGeneration(),
                useCases.deleteGeneration(),
                useCases.listModels(),
                useCases.checkReadiness(),
                useCases.sweep()));
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
