package dev.atelier.http;

import dev.atelier.application.CheckReadinessService;
import dev.atelier.application.InMemoryAtelier;
import dev.atelier.application.Watches;
import dev.atelier.application.port.Census;
import dev.atelier.application.port.Dependency;
import dev.atelier.application.port.FakeWebhooks;
import dev.atelier.application.port.InMemoryBlobSpool;
import dev.atelier.application.port.InMemoryBlobStore;
import dev.atelier.application.port.InMemoryGenerations;
import dev.atelier.application.port.InMemorySkytells;
import dev.atelier.application.port.MutableClock;
import dev.atelier.application.port.Secret;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Generations;
import dev.atelier.domain.Output;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** The real server with the real services on in-memory adapters, and a client that talks to it. */
final class TestServer implements AutoCloseable {
  /** What links begin with; the test itself reaches the server elsewhere. */
  static final String APP_URL = "https://studio.example/atelier";

  /** The most active generations of one owner. */
  static final int ACTIVE_LIMIT = 10;

  /** The smallest body that is valid. */
  static final String BODY = "{\"prompt\":\"a lighthouse at dusk\"}";

  /** What a caller of {@code /internal} must bear. */
  static final Secret INTERNAL_KEY = new Secret("internal-key");

  /** Our step in every trace. */
  static final long SPAN = 74;

  /** What a caller bears who may call, where the server asks for a key. */
  static final String BEARER = "the-key-of-web";

  /** Everybody may call. */
  static final Access OPEN =
      new Access(new Auth.None(), Optional.empty(), OptionalInt.empty(), Set.of());

  /** The longest silence of a stream of events. */
  static final Duration HEARTBEAT = Duration.ofMillis(200);

  private static final BlobKey NOT_THERE =
      Generations.asset(new GenerationId(new UUID(0, 0)), 0).key();

  /** What answers are held against. */
  static final OpenApiContract CONTRACT = new OpenApiContract();

  private final InMemoryAtelier atelier = new InMemoryAtelier();
  final MutableClock clock = atelier.clock;
  final InMemoryGenerations generations = atelier.generations;
  final InMemorySkytells skytells = atelier.skytells;
  final InMemoryBlobStore blobs = atelier.blobs;
  final InMemoryBlobSpool spool = atelier.spool;
  final FakeWebhooks webhooks = atelier.webhooks;
  final Watches watches = atelier.watches;
  final HttpServer server;

  private final HttpClient client = HttpClient.newHttpClient();

  /** Starts with the services as they are. */
  static TestServer start() {
    return start(UnaryOperator.identity());
  }

  /** Starts with some of the use cases replaced. */
  static TestServer start(UnaryOperator<UseCases> replacement) {
    return new TestServer(OPEN, Optional.of(INTERNAL_KEY), Duration.ofSeconds(30), replacement);
  }

  /** Starts for some callers only. */
  static TestServer start(Access access) {
    return start(access, Optional.of(INTERNAL_KEY));
  }

  /** Starts for some callers only, and for operators with that key, if any. */
  static TestServer start(Access access, Optional<Secret> internalKey) {
    return new TestServer(access, internalKey, Duration.ofSeconds(30), UnaryOperator.identity());
  }

  /** Starts with as much patience for slow clients. */
  static TestServer start(Duration patience) {
    return new TestServer(OPEN, Optional.of(INTERNAL_KEY), patience, UnaryOperator.identity());
  }

  private TestServer(
      Access access,
      Optional<Secret> internalKey,
      Duration patience,
      UnaryOperator<UseCases> replacement) {
    var metrics = metrics();
    var useCases =
        new UseCases(
            atelier.generateImage,
            metrics.counting(atelier.handleWebhook),
            atelier.getStatus,
            atelier.watchGeneration,
            atelier.getOutput,
            atelier.listGenerations,
            atelier.cancelGeneration,
            atelier.deleteGeneration,
            atelier.listModels,
            new CheckReadinessService(
                List.of(
                    dependency(
                        "database", () -> generations.find(new GenerationId(new UUID(0, 0))))),
                List.of(
                    dependency("storage", () -> blobs.open(NOT_THERE)),
                    dependency("spool", () -> spool.open(NOT_THERE))),
                clock),
            metrics.timing(atelier.sweep));
    var requests = new AtomicInteger();
    server =
        new HttpServer(
            new HttpSettings(
                0,
                URI.create(APP_URL + "/"),
                internalKey,
                access,
                ACTIVE_LIMIT,
                HEARTBEAT,
                patience,
                Duration.ofSeconds(5)),
            replacement.apply(useCases),
            InMemoryAtelier.RULES,
            metrics,
            () -> "request-" + requests.incrementAndGet(),
            () -> SPAN,
            clock);
    server.start();
  }

  /** Metrics of a store with one generation that is queued for a minute. */
  static Metrics metrics() {
    var clock = new MutableClock();
    return new Metrics(
        () ->
            new Census.Report(
                Map.of("queued", 1L, "storing", 0L),
                3,
                Optional.of(clock.instant().minusSeconds(60)),
                2),
        clock);
  }

  private static Dependency dependency(String name, Runnable check) {
    return new Dependency() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public void check() {
        check.run();
      }
    };
  }

  Answer get(String path, String... headers) {
    return send("GET", path, new byte[0], headers);
  }

  Answer post(String path, String body, String... headers) {
    return send("POST", path, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  /** Asks for a generation. */
  Answer generate(String body, String... headers) {
    return post("/api/generate", body, with(headers, "Content-Type", "application/json"));
  }

  Answer send(String method, String path, byte[] body, String... headers) {
    return sendAsync(method, path, body, headers).join();
  }

  CompletableFuture<Answer> sendAsync(String method, String path, byte[] body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .method(
                method,
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client
        .sendAsync(request.build(), BodyHandlers.ofByteArray())
        .thenApply(response -> described(method, path, Answer.of(response)));
  }

  /** Every answer is one that the description of the interface knows. */
  private static Answer described(String method, String target, Answer answer) {
    CONTRACT.check(method, target, answer.status(), answer.headers(), answer.body());
    return answer;
  }

  URI uri(String path) {
    return URI.create("http://localhost:" + server.port() + path);
  }

  /** Sends bytes as they are and reads until the server closes. */
  Answer raw(String request) {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      String[] line = request.split(" ", 3);
      Answer answer = Answer.parse(socket.getInputStream().readAllBytes());
      return line.length == 3 ? described(line[0], line[1], answer) : answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A bare connection that the caller closes; reads time out rather than hang. */
  Socket connect() throws IOException {
    var socket = new Socket("localhost", server.port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  /** A webhook to the address that names the generation. */
  Answer webhook(GenerationId id, Prediction prediction) {
    return send(
        "POST",
        "/api/webhooks/skytells/" + id,
        webhooks.saying(prediction),
        "X-Skytells-Signature",
        FakeWebhooks.SIGNATURE.orElseThrow());
  }

  /** The id of a new generation, which Skytells has queued. */
  GenerationId queued() {
    Answer answer = generate(BODY, "Authorization", "Bearer " + BEARER);
    return GenerationId.parse(answer.json().get("id").textValue()).orElseThrow();
  }

  /** The id of a new generation, whose results are stored. */
  GenerationId succeeded(byte[]... results) {
    GenerationId id = queued();
    List<Output> outputs = Arrays.stream(results).map(skytells::leave).toList();
    webhook(id, new Prediction.Succeeded(prediction(id), outputs, Optional.empty()));
    return id;
  }

  PredictionId prediction(GenerationId id) {
    return generations.find(id).orElseThrow().state().prediction().orElseThrow();
  }

  /** Something that counts as a PNG by its first bytes. */
  static byte[] png(int length) {
    byte[] bytes = new byte[length];
    byte[] signature = {(byte) 0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A};
    System.arraycopy(signature, 0, bytes, 0, signature.length);
    return bytes;
  }

  private static String[] with(String[] headers, String name, String value) {
    String[] more = Arrays.copyOf(headers, headers.length + 2);
    more[headers.length] = name;
    more[headers.length + 1] = value;
    return more;
  }

  @Override
  public void close() {
    watches.close(); // who waits gets an answer
    client.close();
    server.close();
    atelier.close();
  }
}
