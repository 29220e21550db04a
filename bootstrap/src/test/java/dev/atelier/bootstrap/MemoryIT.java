package dev.atelier.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.application.port.Secret;
import dev.atelier.skytells.sandbox.Sandbox;
import dev.atelier.skytells.sandbox.api.SandboxSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built service stores large outputs in little memory. */
class MemoryIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Secret API_KEY = new Secret("sk-memory");
  private static final Secret WEBHOOK_SECRET = new Secret("whsec_memory");
  private static final int VIDEOS = 16;
  private static final long MEBIBYTE = 1 << 20;
  private static final long VIDEO_BYTES = 48 * MEBIBYTE;

  @TempDir private Path folder;

  @Test
  void sixteenConcurrentVideosOf48MebibytesFitIntoAHeapOf192Mebibytes() throws Exception {
    Path gcLog = folder.resolve("gc.log");
    SandboxSettings settings = SandboxSettings.standard(API_KEY, WEBHOOK_SECRET);
    try (var sandbox = new Sandbox(settings, Clock.systemUTC())) {
      sandbox.start();
      Map<String, String> variables =
          Map.of(
              "JAVA_TOOL_OPTIONS",
              "-Xmx192m -XX:+ExitOnOutOfMemoryError -Xlog:gc:file=" + gcLog,
              "DATABASE_URL",
              new TestDatabase().url(),
              "SKYTELLS_BASE_URL",
              sandbox.baseUrl().toString(),
              "SKYTELLS_API_KEY",
              API_KEY.value(),
              "SKYTELLS_WEBHOOK_SECRET",
              WEBHOOK_SECRET.value(),
              "SKYTELLS_OUTPUT_HOSTS",
              sandbox.origin().toString());
      try (var atelier = AtelierProcess.start(folder, variables)) {
        List<String> ids = startAll(atelier);
        int concurrent = 0;
        for (String id : ids) {
          while (isUnfinished(atelier, id)) {
            concurrent = Math.max(concurrent, transfersInProgress());
          }
        }
        for (String id : ids) {
          assertStoredCompletely(sandbox, generation(atelier, id));
        }
        System.out.printf(
            "%d videos of 48 MiB with -Xmx192m, concurrent transfers seen: %d; heap at most %d MiB,"
                + " after a collection %d MiB; resident at most %s%n",
            VIDEOS,
            concurrent,
            maxMebibytes(gcLog, 1),
            maxMebibytes(gcLog, 2),
            atelier.peakResident());
      }
    }
  }

  private static List<String> startAll(AtelierProcess atelier) throws Exception {
    List<Callable<String>> calls =
        IntStream.range(0, VIDEOS)
            .<Callable<String>>mapToObj(user -> () -> start(atelier, user))
            .toList();
    List<String> ids = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<String> id : threads.invokeAll(calls)) {
        ids.add(id.get());
      }
    }
    return ids;
  }

  private static String start(AtelierProcess atelier, int user) throws Exception {
    String body =
        """
        {"prompt": "a wave [file:large=48]", "model": "truefusion-video-pro", "userId": "user-%d"}
        """
            .formatted(user);
    HttpResponse<String> response = atelier.post("/api/generate", body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
    return JSON.readTree(response.body()).get("id").asText();
  }

  private static JsonNode generation(AtelierProcess atelier, String id) throws Exception {
    return JSON.readTree(atelier.get("/api/predictions/" + id).body());
  }

  private static boolean isUnfinished(AtelierProcess atelier, String id) throws Exception {
    return generation(atelier, id).get("completedAt").isNull();
  }

  /** A blob is in a temporary file until it is complete. */
  private int transfersInProgress() throws IOException {
    try (Stream<Path> incoming = Files.list(folder.resolve(".atelier/blobs/incoming"))) {
      return Math.toIntExact(incoming.filter(file -> file.toString().endsWith(".part")).count());
    }
  }

  /** Compares with the sandbox, which serves the same bytes every time. */
  private void assertStoredCompletely(Sandbox sandbox, JsonNode generation) throws Exception {
    assertThat(generation.get("status").asText()).as(generation.toString()).isEqualTo("succeeded");
    JsonNode asset = generation.get("assets").get(0);
    assertThat(asset.get("contentType").asText()).isEqualTo("video/mp4");
    assertThat(asset.get("bytes").asLong()).isBetween(VIDEO_BYTES, VIDEO_BYTES + MEBIBYTE);

    String path = "/outputs/" + generation.get("predictionId").asText() + "/0.mp4";
    Path stored =
        folder.resolve(".atelier/blobs/generations/" + generation.get("id").asText() + "/0.mp4");
    try (InputStream expected = URI.create(sandbox.origin() + path).toURL().openStream();
        InputStream actual = Files.newInputStream(stored)) {
      assertThat(asset.get("sha256").asText())
          .isEqualTo(sha256(expected))
          .isEqualTo(sha256(actual));
    }
  }

  private static String sha256(InputStream bytes) throws IOException, NoSuchAlgorithmException {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    new DigestInputStream(bytes, sha256).transferTo(OutputStream.nullOutputStream());
    return HexFormat.of().formatHex(sha256.digest());
  }

  /** The maximum of the first or second number in {@code 60M->12M(192M)} of the GC log. */
  private static int maxMebibytes(Path gcLog, int number) throws IOException {
    Pattern heap = Pattern.compile("(\\d+)M->(\\d+)M\\(");
    try (Stream<String> lines = Files.lines(gcLog)) {
      return lines
          .map(heap::matcher)
          .filter(Matcher::find)
          .mapToInt(found -> Integer.parseInt(found.group(number)))
          .max()
          .orElseThrow();
    }
  }
}
