package dev.atelier.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.http.page.OpenApiContract;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** The built service in its own process, with JVM options for a fast start. */
final class AtelierProcess implements AutoCloseable {
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();
  private static final Path JAR = Path.of("target", "atelier.jar").toAbsolutePath();
  private static final Path TESTS_JAR = Path.of("target", "atelier-tests.jar").toAbsolutePath();
  private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

  /** C1 compiler only, and the class archive of an earlier process. */
  private static final List<String> FAST_START =
      List.of(
          "-XX:TieredStopAtLevel=1",
          "-XX:+AutoCreateSharedArchive",
          "-XX:SharedArchiveFile=" + Path.of("target", "tests.jsa").toAbsolutePath(),
          "-Xlog:cds*=off",
          "-Xlog:aot*=off");

  private static final OpenApiContract CONTRACT = new OpenApiContract();

  private final Process process;
  private final Path log;
  private final int port;
  private final HttpClient http = HttpClient.newHttpClient();

  private AtelierProcess(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  /** Starts the service with the folder as working directory and returns at once. */
  static AtelierProcess launch(Path folder, Map<String, String> variables) throws IOException {
    return launch(java(), folder, variables);
  }

  /** Starts the service and waits until it is ready. */
  static AtelierProcess start(Path folder, Map<String, String> variables) throws Exception {
    return launch(folder, variables).awaitReady();
  }

  static AtelierProcess startWith(Path folder, Map<String, String> variables, String... options)
      throws Exception {
    return launch(java(options), folder, variables).awaitReady();
  }

  private static List<String> java(String... options) {
    List<String> command = new ArrayList<>(List.of(JAVA));
    command.addAll(FAST_START);
    command.addAll(List.of(options));
    command.addAll(List.of("-jar", JAR.toString()));
    return command;
  }

  /** Starts the service with the script of the repository, with only PORT set, and waits. */
  static AtelierProcess startScript(Path script, Path folder) throws Exception {
    markBuilt();
    return launch(List.of(script.toString()), folder, Map.of()).awaitReady();
  }

  /**
   * Makes the script consider the jar up to date, as the build that runs the tests has just created
   * it. A rebuild would replace the jar while other processes read it.
   */
  private static void markBuilt() throws IOException {
    Path stamp = JAR.resolveSibling("built");
    if (Files.notExists(stamp)) {
      Files.writeString(stamp, "");
    }
    Instant started = ProcessHandle.current().info().startInstant().orElseThrow();
    Files.setLastModifiedTime(stamp, FileTime.from(started));
  }

  /** Starts {@link CrashingAtelier}, with a crash point if any, and waits until it is ready. */
  static AtelierProcess startCrashing(
      Path folder, Map<String, String> variables, Optional<CrashPoint> crash, String... options)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(JAVA);
    command.addAll(List.of(options));
    command.add(FAST_START.getFirst());
    command.add("--enable-native-access=ALL-UNNAMED");
    crash.ifPresent(point -> command.add("-D" + CrashPoint.PROPERTY + "=" + point));
    command.addAll(
        List.of("-cp", JAR + File.pathSeparator + TESTS_JAR, CrashingAtelier.class.getName()));
    return launch(command, folder, variables).awaitReady();
  }

  private static AtelierProcess launch(
      List<String> command, Path folder, Map<String, String> variables) throws IOException {
    int port = variables.containsKey("PORT") ? Integer.parseInt(variables.get("PORT")) : freePort();
    Path log = Files.createTempFile(folder, "atelier", ".log");
    var builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    Map<String, String> environment = builder.environment();
    Map<String, String> inherited =
        Map.of("PATH", System.getenv("PATH"), "HOME", System.getenv("HOME"));
    environment.clear();
    environment.putAll(inherited);
    environment.put("PORT", Integer.toString(port));
    environment.putAll(variables);
    return new AtelierProcess(builder.start(), log, port);
  }

  private AtelierProcess awaitReady() throws InterruptedException {
    Instant deadline = Instant.now().plus(START_TIMEOUT);
    while (!isReady()) {
      if (!process.isAlive() || Instant.now().isAfter(deadline)) {
        close();
        throw new IllegalStateException("Atelier did not start:\n" + log());
      }
    }
    return this;
  }

  /** Below the kernel's ephemeral ports, so that it is likely to stay free. */
  static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(10_000, 32_000);
      try (var _ = new ServerSocket(port)) {
        return port;
      } catch (IOException e) {
        // In use.
      }
    }
  }

  private boolean isReady() throws InterruptedException {
    try {
      return get("/health/ready").statusCode() == 200;
    } catch (IOException e) {
      // Not listening yet.
      process.waitFor(20, TimeUnit.MILLISECONDS);
      return false;
    }
  }

  long pid() {
    return process.pid();
  }

  int port() {
    return port;
  }

  URI uri(String path) {
    return path.startsWith("http")
        ? URI.create(path)
        : URI.create("http://localhost:" + port + path);
  }

  HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(uri(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<byte[]> getBytes(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  HttpResponse<String> delete(String path) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(uri(path)).DELETE().build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, String body, String... headers)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> upload(byte[] file) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(uri("/api/uploads"))
            .POST(HttpRequest.BodyPublishers.ofByteArray(file))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Starts a generation and waits for its end. */
  JsonNode generateAndWait(String body) throws IOException, InterruptedException {
    HttpResponse<String> response = post("/api/generate", body, "Prefer", "wait=60");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return new ObjectMapper().readTree(response.body());
  }

  /** Sends the request and checks the response against openapi.json. */
  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws IOException, InterruptedException {
    HttpResponse<T> response = http.send(request, handler);
    URI uri = request.uri();
    if (uri.getPort() == port) {
      byte[] body =
          response.body() instanceof byte[] bytes
              ? bytes
              : String.valueOf(response.body()).getBytes(UTF_8);
      CONTRACT.check(
          request.method(),
          uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()),
          response.statusCode(),
          response.headers().map(),
          body);
    }
    return response;
  }

  /** Everything printed so far. */
  String log() {
    try {
      return Files.readString(log, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Peak resident memory of the process, or unknown. */
  String peakResident() throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    if (!Files.exists(status)) {
      return "unknown";
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .map(line -> line.substring("VmHWM:".length()).strip())
        .findFirst()
        .orElse("unknown");
  }

  /** Waits for the process to exit by itself. */
  int exitStatus() throws InterruptedException {
    if (!process.waitFor(START_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("still running:\n" + log());
    }
    return process.exitValue();
  }

  /** Sends SIGTERM, as Cloud Run does, and returns the exit status. */
  int stop() throws InterruptedException {
    process.destroy();
    return exitStatus();
  }

  /** Sends SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  @Override
  public void close() {
    process.destroy();
    if (process.onExit().completeOnTimeout(process, 20, TimeUnit.SECONDS).join().isAlive()) {
      process.destroyForcibly().onExit().join();
    }
  }
}
