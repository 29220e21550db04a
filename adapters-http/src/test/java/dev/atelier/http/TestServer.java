package dev.atelier.http;

import dev.atelier.application.InMemoryAtelier;
import dev.atelier.application.health.CheckReadinessService;
import dev.atelier.application.port.BacklogMetrics;
import dev.atelier.application.port.Dependency;
import dev.atelier.application.port.FakeWebhooks;
import dev.atelier.application.port.InMemoryBlobSpool;
import dev.atelier.application.port.InMemoryBlobStore;
import dev.atelier.application.port.InMemoryGenerations;
import dev.atelier.application.port.InMemoryModels;
import dev.atelier.application.port.InMemorySkytells;
import dev.atelier.application.port.InMemoryUploads;
import dev.atelier.application.port.MutableClock;
import dev.atelier.application.port.Secret;
import dev.atelier.application.query.GetUsageService;
import dev.atelier.application.subscribe.GenerationSubscriptions;
import dev.atelier.application.upload.PurgeUploads;
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
import dev.atelier.http.route.Links;
import dev.atelier.http.route.StoredFileLinks;
import dev.atelier.http.server.HttpServer;
import dev.atelier.http.server.HttpSettings;
import dev.atelier.http.server.UseCases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
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

/** The real server and use cases on in-memory adapters, with an HTTP client. */
public final class TestServer implements AutoCloseable {
  /** The base of all links; the server itself listens on localhost. */
  public static final String APP_URL = "https://studio.example/atelier";

  public static final int ACTIVE_LIMIT = 10;
  public static final int UPLOAD_MAX_BYTES = 1024 * 1024;

  /** A minimal valid body. */
  public static final String BODY = "{\"prompt\":\"a lighthouse at dusk\"}";

  public static final Secret INTERNAL_KEY = new Secret("internal-key");

  static final long SPAN_ID = 74;

  /** A valid API key with {@code ApiKeyIT.KEYS}. */
  public static final String BEARER = "the-key-of-web";

  /** No authentication. */
  public static final AccessSettings OPEN =
      new AccessSettings(new AuthMode.None(), Optional.empty(), OptionalInt.empty(), Set.of());

  static final Duration HEARTBEAT = Duration.ofMillis(200);

  private static final BlobKey MISSING_BLOB =
      Generations.asset(new GenerationId(new UUID(0, 0)), 0).key();

  public static final OpenApiContract CONTRACT = new OpenApiContract();

  private final InMemoryAtelier atelier =
      new InMemoryAtelier(
          new StoredFileLinks(new Links(URI.create(APP_URL), Optional.empty()), true));
  public final InMemoryModels models = atelier.models;
  public final InMemoryUploads uploads = atelier.uploads;
  public final PurgeUploads purgeUploads = atelier.purgeUploads;
  public final MutableClock clock = atelier.clock;
  public final InMemoryGenerations generations = atelier.generations;
  public final InMemorySkytells skytells = atelier.skytells;
  public final InMemoryBlobStore blobs = atelier.blobs;
  public final InMemoryBlobSpool spool = atelier.spool;
  public final FakeWebhooks webhooks = atelier.webhooks;
  public final GenerationSubscriptions generationSubscriptions = atelier.generationSubscriptions;
  public final HttpServer server;

  private final HttpClient client = HttpClient.newHttpClient();

  public static TestServer start() {
    return start(OPEN);
  }

  /** Starts with one use case replaced by what the function makes of it. */
  public static <T> TestServer start(Class<T> useCase, UnaryOperator<T> replacement) {
    return new TestServer(
        OPEN,
        Optional.of(INTERNAL_KEY),
        Duration.ofSeconds(30),
        useCases -> replace(useCases, useCase, replacement));
  }

  private static <T> UseCases replace(
      UseCases useCases, Class<T> useCase, UnaryOperator<T> replacement) {
    try {
      var values = new ArrayList<Object>();
      for (RecordComponent component : UseCases.class.getRecordComponents()) {
        Object value = component.getAccessor().invoke(useCases);
        values.add(component.getType() == useCase ? replacement.apply(useCase.cast(value)) : value);
      }
      return (UseCases) UseCases.class.getConstructors()[0].newInstance(values.toArray());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  public static TestServer start(AccessSettings accessSettings) {
    return start(accessSettings, Optional.of(INTERNAL_KEY));
  }

  public static TestServer start(AccessSettings accessSettings, Optional<Secret> internalKey) {
    return new TestServer(
        accessSettings, internalKey, Duration.ofSeconds(30), UnaryOperator.identity());
  }

  public static TestServer start(Duration clientTimeout) {
    return new TestServer(OPEN, Optional.of(INTERNAL_KEY), clientTimeout, UnaryOperator.identity());
  }

  private TestServer(
      AccessSettings accessSettings,
      Optional<Secret> internalKey,
      Duration clientTimeout,
      UnaryOperator<UseCases> replacement) {
    var metrics = metrics();
    var useCases =
        new UseCases(
            atelier.createGeneration,
            metrics.counting(atelier.handleWebhook),
            atelier.getStatus,
            atelier.subscribeToGeneration,
            atelier.getOutput,
            atelier.listGenerations,
            atelier.cancelGeneration,
            atelier.deleteGeneration,
            atelier.listModels,
            new GetUsageService(generations),
            atelier.createUpload,
            atelier.uploadService,
            atelier.uploadService,
            new CheckReadinessService(
                List.of(
                    dependency(
                        "database", () -> generations.find(new GenerationId(new UUID(0, 0))))),
                List.of(
                    dependency("storage", () -> blobs.open(MISSING_BLOB)),
                    dependency("spool", () -> spool.open(MISSING_BLOB))),
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
                UPLOAD_MAX_BYTES,
                HEARTBEAT,
                clientTimeout,
                Duration.ofSeconds(5)),
            replacement.apply(useCases),
            InMemoryAtelier.RULES,
            metrics,
            () -> "request-" + requests.incrementAndGet(),
            () -> SPAN_ID,
            clock);
    server.start();
  }

  /** Metrics of a store whose oldest generation has been queued for a minute. */
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

  public Response get(String path, String... headers) {
    return send("GET", path, new byte[0], headers);
  }

  public Response post(String path, String body, String... headers) {
    return send("POST", path, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  public Response generate(String body, String... headers) {
    return post("/api/generate", body, append(headers, "Content-Type", "application/json"));
  }

  public Response send(String method, String path, byte[] body, String... headers) {
    return sendAsync(method, path, body, headers).join();
  }

  public CompletableFuture<Response> sendAsync(
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
        .thenApply(response -> checkContract(method, path, Response.of(response)));
  }

  /** Asserts that the response conforms to openapi.json. */
  private static Response checkContract(String method, String target, Response response) {
    CONTRACT.check(method, target, response.status(), response.headers(), response.body());
    return response;
  }

  URI uri(String path) {
    return URI.create("http://localhost:" + server.port() + path);
  }

  /** Sends the text unchanged and reads until the server closes the connection. */
  public Response raw(String request) {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      String[] line = request.split(" ", 3);
      Response response = Response.parse(socket.getInputStream().readAllBytes());
      return line.length == 3 ? checkContract(line[0], line[1], response) : response;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a connection, which the caller closes. Reads time out. */
  public Socket connect() throws IOException {
    var socket = new Socket("localhost", server.port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  /** Sends a webhook to the URL with the generation id. */
  public Response webhook(GenerationId id, Prediction prediction) {
    return send(
        "POST",
        "/api/webhooks/skytells/" + id,
        webhooks.saying(prediction),
        "X-Skytells-Signature",
        FakeWebhooks.SIGNATURE.orElseThrow());
  }

  /** Creates a generation that Skytells has queued. */
  public GenerationId queued() {
    Response response = generate(BODY, "Authorization", "Bearer " + BEARER);
    return GenerationId.parse(response.json().get("id").textValue()).orElseThrow();
  }

  /** Creates a generation with these outputs, which are stored. */
  public GenerationId succeeded(byte[]... files) {
    GenerationId id = queued();
    List<Output> outputs = Arrays.stream(files).map(skytells::addOutput).toList();
    webhook(id, new Prediction.Succeeded(prediction(id), outputs, Optional.empty()));
    return id;
  }

  public PredictionId prediction(GenerationId id) {
    return generations.find(id).orElseThrow().state().prediction().orElseThrow();
  }

  /** Bytes that start with the PNG signature. */
  public static byte[] png(int length) {
    byte[] bytes = new byte[length];
    byte[] signature = {(byte) 0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A};
    System.arraycopy(signature, 0, bytes, 0, signature.length);
    return bytes;
  }

  private static String[] append(String[] headers, String name, String value) {
    String[] more = Arrays.copyOf(headers, headers.length + 2);
    more[headers.length] = name;
    more[headers.length + 1] = value;
    return more;
  }

  @Override
  public void close() {
    generationSubscriptions.close(); // long polls return
    client.close();
    server.close();
    atelier.close();
  }
}
