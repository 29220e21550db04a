package dev.atelier.skytells.sandbox;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.atelier.skytells.sandbox.api.AdminApi;
import dev.atelier.skytells.sandbox.api.Api;
import dev.atelier.skytells.sandbox.api.Dialect;
import dev.atelier.skytells.sandbox.api.InputImages;
import dev.atelier.skytells.sandbox.api.Job;
import dev.atelier.skytells.sandbox.api.Jobs;
import dev.atelier.skytells.sandbox.api.ModelRoutes;
import dev.atelier.skytells.sandbox.api.OutputFiles;
import dev.atelier.skytells.sandbox.api.Outputs;
import dev.atelier.skytells.sandbox.api.RateLimit;
import dev.atelier.skytells.sandbox.api.SandboxPrediction;
import dev.atelier.skytells.sandbox.api.SandboxSettings;
import dev.atelier.skytells.sandbox.api.WebhookSender;
import dev.atelier.skytells.sandbox.api.Worker;
import dev.atelier.skytells.sandbox.catalog.Model;
import dev.atelier.skytells.sandbox.catalog.Models;
import dev.atelier.skytells.sandbox.fault.FaultPlan;
import dev.atelier.skytells.sandbox.http.FullResponse;
import dev.atelier.skytells.sandbox.http.RefusedException;
import dev.atelier.skytells.sandbox.http.Response;
import dev.atelier.skytells.sandbox.input.ImageFetcher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A development server with Skytells' API, on the loopback address. {@link #predictions} survives
 * {@link #close}.
 */
public final class Sandbox implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Sandbox.class);
  private static final int BACKLOG = 1024;

  private final SandboxSettings settings;
  private final Clock clock;
  private final Jobs jobs = new Jobs();
  private @Nullable Running running;

  private record Running(
      HttpServer server,
      HttpClient http,
      ExecutorService threads,
      ScheduledExecutorService timer,
      Dialect dialect,
      Models models) {}

  /**
   * @param clock for timestamps and expiry; work takes real time
   */
  public Sandbox(SandboxSettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Opens the port.
   *
   * @throws UncheckedIOException if it is in use
   */
  public synchronized void start() {
    if (running != null) {
      throw new IllegalStateException("the sandbox is already running");
    }
    // Images are drawn in memory; there is no display.
    System.setProperty("java.awt.headless", "true");
    // By default the server closes connections while more than 200 are idle. A create request that
    // is sent at that moment would be unconfirmed.
    System.setProperty("sun.net.httpserver.maxIdleConnections", "10000");
    HttpServer server = listen(settings.port());
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("sandbox-timer").factory());
    HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .executor(threads)
            .build();
    var dialect = new Dialect(origin(server));
    var inputs = new InputImages(new ImageFetcher(http), threads);
    var outputs = new Outputs(jobs, clock, settings.retention(), new OutputFiles(inputs));
    var webhooks =
        new WebhookSender(http, threads, dialect, settings.webhookSecret(), settings.apiKey());
    var worker = new Worker(settings, clock, jobs, inputs, outputs, webhooks, timer);
    var rateLimit = new RateLimit(settings.requestsPerMinute(), clock);
    var plan = new FaultPlan(settings.faults());
    Models models = Models.load();
    var modelRoutes = new ModelRoutes(models);
    var api =
        new Api(settings.apiKey(), rateLimit, models, modelRoutes, jobs, worker, dialect, plan);
    server.setExecutor(threads);
    server.createContext("/v1/", handler(api::response));
    server.createContext("/outputs/", handler(outputs::response));
    server.createContext(
        "/_sandbox/", handler(new AdminApi(jobs, worker, plan, modelRoutes)::response));
    server.start();
    running = new Running(server, http, threads, timer, dialect, models);
    log.info("sandbox started: url={}", origin());
  }

  public int port() {
    return running().server().getAddress().getPort();
  }

  public URI baseUrl() {
    return origin().resolve("/v1");
  }

  public URI origin() {
    return running().dialect().origin();
  }

  /** All accepted predictions, oldest first, deleted ones too. */
  public List<SandboxPrediction> predictions() {
    return jobs.all().stream().map(Job::view).toList();
  }

  /**
   * Adds a model, or replaces the one with its slug.
   *
   * @param description as in an entry of {@code GET /models}, with schemas
   * @throws IllegalArgumentException if it is no JSON or lacks a required member
   */
  public void putModel(String description) {
    running().models().put(Model.parse(description));
  }

  @Override
  public synchronized void close() {
    if (running != null) {
      running.server().stop(0);
      running.timer().shutdownNow();
      running.http().shutdownNow();
      running.threads().shutdownNow();
      running = null;
    }
  }

  private synchronized Running running() {
    if (running == null) {
      throw new IllegalStateException("the sandbox is not running");
    }
    return running;
  }

  private static HttpServer listen(int port) {
    try {
      var address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
      return HttpServer.create(address, BACKLOG);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on port " + port, e);
    }
  }

  private static URI origin(HttpServer server) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private interface Endpoint {
    Response response(HttpExchange exchange) throws IOException, RefusedException;
  }

  private static HttpHandler handler(Endpoint endpoint) {
    return exchange -> {
      try (exchange) {
        response(endpoint, exchange).send(exchange);
      }
    };
  }

  private static Response response(Endpoint endpoint, HttpExchange exchange) throws IOException {
    try {
      return endpoint.response(exchange);
    } catch (RefusedException e) {
      return e.response();
    } catch (RuntimeException e) {
      log.error("sandbox request failed: path={}", exchange.getHttpContext().getPath(), e);
      return FullResponse.internalError();
    }
  }

  /** Runs until terminated. The environment variables are in {@code docs/sandbox.md}. */
  @SuppressWarnings("SystemOut") // the output of a command
  public static void main(String[] args) {
    SandboxSettings settings = SandboxSettings.from(System.getenv());
    var sandbox = new Sandbox(settings, Clock.systemUTC());
    sandbox.start();
    Runtime.getRuntime().addShutdownHook(new Thread(sandbox::close));
    System.out.println("SKYTELLS_BASE_URL=" + sandbox.baseUrl());
  }
}
