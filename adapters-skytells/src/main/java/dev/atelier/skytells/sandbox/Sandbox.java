package dev.atelier.skytells.sandbox;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.atelier.skytells.sandbox.api.AdminApi;
import dev.atelier.skytells.sandbox.api.Api;
import dev.atelier.skytells.sandbox.api.Dialect;
import dev.atelier.skytells.sandbox.api.Job;
import dev.atelier.skytells.sandbox.api.Jobs;
import dev.atelier.skytells.sandbox.api.Models;
import dev.atelier.skytells.sandbox.api.Outputs;
import dev.atelier.skytells.sandbox.api.RateLimit;
import dev.atelier.skytells.sandbox.api.SandboxPrediction;
import dev.atelier.skytells.sandbox.api.SandboxSettings;
import dev.atelier.skytells.sandbox.api.WebhookSender;
import dev.atelier.skytells.sandbox.api.Worker;
import dev.atelier.skytells.sandbox.fault.FaultPlan;
import dev.atelier.skytells.sandbox.http.FullResponse;
import dev.atelier.skytells.sandbox.http.RefusedException;
import dev.atelier.skytells.sandbox.http.Response;
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
 * A Skytells of our own, on the loopback address. {@link #start} opens it, {@link #close} ends it;
 * what it knows of its predictions stays readable.
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
      Dialect dialect) {}

  /**
   * Wires the sandbox; nothing is opened yet.
   *
   * @param clock tells when things happened and when outputs are gone; work itself takes real time
   */
  public Sandbox(SandboxSettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Opens the port.
   *
   * @throws UncheckedIOException when it is taken
   * @throws IllegalStateException when the sandbox is running already
   */
  public synchronized void start() {
    if (running != null) {
      throw new IllegalStateException("the sandbox is running already");
    }
    // Pictures are painted in memory: there is no display, and none must be looked for.
    System.setProperty("java.awt.headless", "true");
    // By default the server closes connections while more than 200 are idle. A create that is sent
    // on
    // one at that moment would be unconfirmed.
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
    var outputs = new Outputs(jobs, clock, settings.retention());
    var webhooks =
        new WebhookSender(http, threads, dialect, settings.webhookSecret(), settings.apiKey());
    var worker = new Worker(settings, clock, jobs, outputs, webhooks, timer);
    var rateLimit = new RateLimit(settings.requestsPerMinute(), clock);
    var plan = new FaultPlan(settings.faults());
    var api = new Api(settings.apiKey(), rateLimit, Models.load(), jobs, worker, dialect, plan);
    server.setExecutor(threads);
    server.createContext("/v1/", answering(api::response));
    server.createContext("/outputs/", answering(outputs::response));
    server.createContext("/_sandbox/", answering(new AdminApi(jobs, worker, plan)::response));
    server.start();
    running = new Running(server, http, threads, timer, dialect);
    log.info("the Skytells sandbox is at {}", origin());
  }

  /** Where it listens. */
  public int port() {
    return running().server().getAddress().getPort();
  }

  /** What a client takes for {@code https://api.skytells.ai/v1}. */
  public URI baseUrl() {
    return origin().resolve("/v1");
  }

  /** Scheme, host and port; its outputs are under it as well. */
  public URI origin() {
    return running().dialect().origin();
  }

  /** Every prediction it has sold, oldest first; deleted ones too. */
  public List<SandboxPrediction> predictions() {
    return jobs.all().stream().map(Job::view).toList();
  }

  /** Closes the port; what is under way is cut off. */
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
      throw new UncheckedIOException("port " + port + " cannot be opened", e);
    }
  }

  private static URI origin(HttpServer server) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private interface Endpoint {
    Response response(HttpExchange exchange) throws IOException, RefusedException;
  }

  private static HttpHandler answering(Endpoint endpoint) {
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
      return e.fullResponse();
    } catch (RuntimeException e) {
      log.error("the sandbox broke on {}", exchange.getHttpContext().getPath(), e);
      return FullResponse.error(500, "INTERNAL_ERROR", "Server error");
    }
  }

  /**
   * Runs a sandbox alone, until the process is ended. Reads {@code SANDBOX_PORT} (9100), {@code
   * SANDBOX_WORK_TIME_MS} (2000), {@code SANDBOX_REQUESTS_PER_MINUTE} (0, no limit), {@code
   * SANDBOX_FAULTS} (tags, comma-separated), {@code SKYTELLS_API_KEY} and {@code
   * SKYTELLS_WEBHOOK_SECRET} from the environment.
   */
  @SuppressWarnings("SystemOut") // a command talks to whoever called it
  public static void main(String[] args) {
    SandboxSettings settings = SandboxSettings.from(System.getenv());
    var sandbox = new Sandbox(settings, Clock.systemUTC());
    sandbox.start();
    Runtime.getRuntime().addShutdownHook(new Thread(sandbox::close));
    System.out.println("SKYTELLS_BASE_URL=" + sandbox.baseUrl());
  }
}
