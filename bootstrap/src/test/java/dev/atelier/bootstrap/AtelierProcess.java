package dev.atelier.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;

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

/**
 * The built service as a process of its own, started as production starts it, with options of the
 * JVM that make a start cheap.
 */
final class AtelierProcess implements AutoCloseable {
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();
  private static final Path JAR = Path.of("target", "atelier.jar").toAbsolutePath();
  private static final Path TESTS_JAR = Path.of("target", "atelier-tests.jar").toAbsolutePath();
  private static final Duration START = Duration.ofMinutes(2);

  /** The first compiler alone, and the classes that an earlier process has archived. */
  private static final List<String> CHEAP_START =
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

  /** Starts it in that folder, with these variables, on a port of its own, and returns at once. */
  static AtelierProcess launch(Path folder, Map<String, String> variables) throws IOException {
    return launch(java(), folder, variables);
  }

  /** Starts it and waits until it is ready. */
  static AtelierProcess start(Path folder, Map<String, String> variables) throws Exception {
    return launch(folder, variables).awaitReady();
  }

  /** Starts it with options for the JVM and waits until it is ready. */
  static AtelierProcess startWith(Path folder, Map<String, String> variables, String... options)
      throws Exception {
    return launch(java(options), folder, variables).awaitReady();
  }

  private static List<String> java(String... options) {
    List<String> command = new ArrayList<>(List.of(JAVA));
    command.addAll(CHEAP_START);
    command.addAll(List.of(options));
    command.addAll(List.of("-jar", JAR.toString()));
    return command;
  }

  /** Starts it by the script of the repository, with nothing set but PORT, and waits. */
  static AtelierProcess startScript(Path script, Path folder) throws Exception {
    markBuilt();
    return launch(List.of(script.toString()), folder, Map.of()).awaitReady();
  }

  /**
   * Tells the script that the jar is as new as the sources were when this JVM started: the build
   * that runs the tests has just made it. Another build would replace it while other processes read
   * it.
   */
  private static void markBuilt() throws IOException {
    Path stamp = JAR.resolveSibling("built");
    if (Files.notExists(stamp)) {
      Files.writeString(stamp, "");
    }
    Instant started = ProcessHandle.current().info().startInstant().orElseThrow();
    Files.setLastModifiedTime(stamp, FileTime.from(started));
  }

  /**
   * Starts {@link CrashingAtelier}: the built service as well, but killed at that point, if any.
   *
   * @param options for the JVM
   */
  static AtelierProcess startCrashing(
      Path folder, Map<String, String> variables, Optional<CrashPoint> crash, String... options)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(JAVA);
    command.addAll(List.of(options));
    command.add(CHEAP_START.getFirst());
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
    Map<String, String> kept = Map.of("PATH", System.getenv("PATH"), "HOME", System.getenv("HOME"));
    environment.clear();
    environment.putAll(kept);
    environment.put("PORT", Integer.toString(port));
    environment.putAll(variables);
    return new AtelierProcess(builder.start(), log, port);
  }

  private AtelierProcess awaitReady() throws InterruptedException {
    Instant deadline = Instant.now().plus(START);
    while (!isReady()) {
      if (!process.isAlive() || Instant.now().isAfter(deadline)) {
        close();
        throw new IllegalStateException("Atelier did not start:\n" + log());
      }
    }
    return this;
  }

  /** Below those that the kernel gives to outgoing connections, so that it stays free a while. */
  static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(10_000, 32_000);
      try (var _ = new ServerSocket(port)) {
        return port;
      } catch (IOException e) {
        // Somebody has it.
      }
    }
  }

  private boolean isReady() throws InterruptedException {
    try {
      return get("/health/ready").statusCode() == 200;
    } catch (IOException e) {
      // Not listening yet. Its end is the only other thing that can happen.
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

  /** Sends it; the answer is one that the description of the interface knows. */
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

  /** Everything it has printed so far. */
  String log() {
    try {
      return Files.readString(log, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The most memory that it has had at once, where the system tells; all of it, not the heap. */
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

  /** Waits for it to end by itself. */
  int exitStatus() throws InterruptedException {
    if (!process.waitFor(START.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("still running:\n" + log());
    }
    return process.exitValue();
  }

  /** SIGTERM, as Cloud Run and Ctrl-C's twin send it. */
  int stop() throws InterruptedException {
    process.destroy();
    return exitStatus();
  }

  /** SIGKILL. */
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
