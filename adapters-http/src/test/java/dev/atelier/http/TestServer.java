package dev.atelier.http;

import dev.atelier.application.InMemoryAtelier;
import dev.atelier.application.health.CheckReadinessService;
import dev.atelier.application.port.BacklogMetrics;
import dev.atelier.application.port.Dependency;
import dev.atelier.application.port.FakeWebhooks;
import dev.atelier.application.port.InMemoryBlobSpool;
import dev.atelier.application.port.InMemoryBlobStore;
import dev.atelier.application.port.InMemoryGenerations;
import dev.atelier.application.port.InMemorySkytells;
import dev.atelier.application.port.MutableClock;
import dev.atelier.application.port.Secret;
import dev.atelier.application.subscribe.GenerationSubscriptions;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Generations;
import dev.atelier.domain.Output;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.http.auth.AccessSettings;
import dev.atelier.http.auth.AuthMode;
import dev.atelier.http.metrics.Metrics;
import dev.atelier.http.page.OpenApiContract;
import dev.atelier.http.server.HttpServer;
import dev.atelier.http.server.HttpSettings;
import dev.atelier.http.server.UseCases;
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
public final class TestServer implements AutoCloseable {
  /** What links begin with; the test itself reaches the server elsewhere. */
  public static final String APP_URL = "https://studio.example/atelier";

  /** The most active generations of one owner. */
  public static final int ACTIVE_LIMIT = 10;

  /** The smallest body that is valid. */
  public static final String BODY = "{\"prompt\":\"a lighthouse at dusk\"}";

  /** What a caller of {@code /internal} must bear. */
  public static final Secret INTERNAL_KEY = new Secret("internal-key");

  /** Our step in every trace. */
  static final long SPAN = 74;

  /** What a caller bears who may call, where the server asks for a key. */
  public static final String BEARER = "the-key-of-web";

  /** Everybody may call. */
  public static final AccessSettings OPEN =
      new AccessSettings(new AuthMode.None(), Optional.empty(), OptionalInt.empty(), Set.of());

  /** The longest silence of a stream of events. */
  static final Duration HEARTBEAT = Duration.ofMillis(200);

  private static final BlobKey NOT_THERE =
      Generations.asset(new GenerationId(new UUID(0, 0)), 0).key();

  /** What answers are held against. */
  public static final OpenApiContract CONTRACT = new OpenApiContract();

  private final InMemoryAtelier atelier = new InMemoryAtelier();
  public final MutableClock clock = atelier.clock;
  public final InMemoryGenerations generations = atelier.generations;
  public final InMemorySkytells skytells = atelier.skytells;
  public final InMemoryBlobStore blobs = atelier.blobs;
  public final InMemoryBlobSpool spool = atelier.spool;
  public final FakeWebhooks webhooks = atelier.webhooks;
  public final GenerationSubscriptions generationSubscriptions = atelier.generationSubscriptions;
  public final HttpServer server;

  private final HttpClient client = HttpClient.newHttpClient();

  /** Starts with the services as they are. */
  public static TestServer start() {
    return start(UnaryOperator.identity());
  }

  /** Starts with some of the use cases replaced. */
  public static TestServer start(UnaryOperator<UseCases> replacement) {
    return new TestServer(OPEN, Optional.of(INTERNAL_KEY), Duration.ofSeconds(30), replacement);
  }

  /** Starts for some callers only. */
  public static TestServer start(AccessSettings accessSettings) {
    return start(accessSettings, Optional.of(INTERNAL_KEY));
  }

  /** Starts for some callers only, and for operators with that key, if any. */
  public static TestServer start(AccessSettings accessSettings, Optional<Secret> internalKey) {
    return new TestServer(
        accessSettings, internalKey, Duration.ofSeconds(30), UnaryOperator.identity());
  }

  /** Starts with as much patience for slow clients. */
  public static TestServer start(Duration patience) {
    return new TestServer(OPEN, Optional.of(INTERNAL_KEY), patience, UnaryOperator.identity());
  }

  private TestServer(
      AccessSettings accessSettings,
      Optional<Secret> internalKey,
      Duration patience,
      UnaryOperator<UseCases> replacement) {
    var metrics = metrics();
    var useCases =
        new UseCases(
            atelier.generateImage,
            metrics.counting(atelier.handleWebhook),
            atelier.getStatus,
            atelier.subscribeToGeneration,
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
                accessSettings,
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
  public static Metrics metrics() {
    var clock = new MutableClock();
    return new Metrics(
        () ->
            new BacklogMetrics.Report(
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

  public Answer get(String path, String... headers) {
    return send("GET", path, new byte[0], headers);
  }

  public Answer post(String path, String body, String... headers) {
    return send("POST", path, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  /** Asks for a generation. */
  public Answer generate(String body, String... headers) {
    return post("/api/generate", body, with(headers, "Content-Type", "application/json"));
  }

  public Answer send(String method, String path, byte[] body, String... headers) {
    return sendAsync(method, path, body, headers).join();
  }

  public CompletableFuture<Answer> sendAsync(
      String method, String path, byte[] body, String... headers) {
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
  public Answer raw(String request) {
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
  public Socket connect() throws IOException {
    var socket = new Socket("localhost", server.port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  /** A webhook to the address that names the generation. */
  public Answer webhook(GenerationId id, Prediction prediction) {
    return send(
        "POST",
        "/api/webhooks/skytells/" + id,
        webhooks.saying(prediction),
        "X-Skytells-Signature",
        FakeWebhooks.SIGNATURE.orElseThrow());
  }

  /** The id of a new generation, which Skytells has queued. */
  public GenerationId queued() {
    Answer answer = generate(BODY, "Authorization", "Bearer " + BEARER);
    return GenerationId.parse(answer.json().get("id").textValue()).orElseThrow();
  }

  /** The id of a new generation, whose results are stored. */
  public GenerationId succeeded(byte[]... results) {
    GenerationId id = queued();
    List<Output> outputs = Arrays.stream(results).map(skytells::leave).toList();
    webhook(id, new Prediction.Succeeded(prediction(id), outputs, Optional.empty()));
    return id;
  }

  public PredictionId prediction(GenerationId id) {
    return generations.find(id).orElseThrow().state().prediction().orElseThrow();
  }

  /** Something that counts as a PNG by its first bytes. */
  public static byte[] png(int length) {
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
    generationSubscriptions.close(); // who waits gets an answer
    client.close();
    server.close();
    atelier.close();
  }
}
