package dev.atelier.http.server;

import dev.atelier.application.generate.GenerationRules;
import dev.atelier.http.auth.ApiKeyAuthenticator;
import dev.atelier.http.auth.AuthMode;
import dev.atelier.http.auth.Authenticator;
import dev.atelier.http.auth.Caller;
import dev.atelier.http.auth.CallerResolver;
import dev.atelier.http.auth.InternalKey;
import dev.atelier.http.auth.JwtAuthenticator;
import dev.atelier.http.auth.LinkSigner;
import dev.atelier.http.header.ContentEncoding;
import dev.atelier.http.header.ContentNegotiation;
import dev.atelier.http.header.Cors;
import dev.atelier.http.header.RateLimitHeaders;
import dev.atelier.http.metrics.Metrics;
import dev.atelier.http.page.DocsRoutes;
import dev.atelier.http.page.HomeRoutes;
import dev.atelier.http.page.OpenApi;
import dev.atelier.http.problem.Problems;
import dev.atelier.http.request.RequestContext;
import dev.atelier.http.request.RequestIds;
import dev.atelier.http.request.Routes;
import dev.atelier.http.route.CancelRoutes;
import dev.atelier.http.route.DeleteRoutes;
import dev.atelier.http.route.EventRoutes;
import dev.atelier.http.route.GenerationRoutes;
import dev.atelier.http.route.HealthRoutes;
import dev.atelier.http.route.InternalRoutes;
import dev.atelier.http.route.Links;
import dev.atelier.http.route.ListRoutes;
import dev.atelier.http.route.LongPoll;
import dev.atelier.http.route.ModelRoutes;
import dev.atelier.http.route.OutputRoutes;
import dev.atelier.http.route.UploadRoutes;
import dev.atelier.http.route.UsageRoutes;
import dev.atelier.http.route.WebhookRoutes;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.util.JavalinBindException;
import io.javalin.util.JavalinException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server with all routes. Can be started only once. */
public final class HttpServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpServer.class);

  /** A file of 32 MiB over a slow mobile network. */
  private static final Duration UPLOAD_TIMEOUT = Duration.ofMinutes(5);

  private final HttpSettings settings;
  private final List<Routes> routes;
  private final RequestContext requestContext;
  private final Cors cors;
  private @Nullable Javalin javalin;
  private volatile @Nullable Integer port;

  public HttpServer(
      HttpSettings settings,
      UseCases useCases,
      GenerationRules rules,
      Metrics metrics,
      RequestIds requestIds,
      LongSupplier spanIds,
      Clock clock) {
    this.settings = settings;
    this.requestContext = new RequestContext(requestIds, spanIds);
    this.cors = new Cors(settings.accessSettings().corsOrigins());
    Optional<LinkSigner> signer =
        settings.accessSettings().links().map(signing -> new LinkSigner(signing, clock));
    var callerResolver =
        new CallerResolver(authenticator(settings.accessSettings().authMode(), clock), signer);
    var internalKey = new InternalKey(settings.internalKey());
    var links = new Links(settings.appUrl(), signer);
    this.routes =
        List.of(
            callerResolver,
            new ContentNegotiation(),
            new ContentEncoding(),
            new RateLimitHeaders(
                callerResolver,
                settings.accessSettings().requestsPerMinute(),
                settings.activeLimit(),
                clock),
            new GenerationRoutes(
                useCases.createGeneration(),
                useCases.getStatus(),
                new LongPoll(useCases.subscribeToGeneration()),
                callerResolver,
                links),
            new EventRoutes(
                useCases.subscribeToGeneration(), callerResolver, links, settings.heartbeat()),
            new ListRoutes(useCases.listGenerations(), callerResolver, links),
            new CancelRoutes(useCases.cancelGeneration(), callerResolver, links),
            new DeleteRoutes(useCases.deleteGeneration(), callerResolver),
            new OutputRoutes(useCases.getOutput(), callerResolver),
            new ModelRoutes(useCases.listModels()),
            new UploadRoutes(
                useCases.createUpload(),
                useCases.getUpload(),
                useCases.deleteUpload(),
                callerResolver,
                links,
                settings.uploadMaxBytes()),
            new UsageRoutes(useCases.getUsage(), callerResolver, clock),
            new WebhookRoutes(useCases.handleWebhook()),
            new HealthRoutes(
                useCases.checkReadiness(), settings.accessSettings().authMode(), internalKey),
            new InternalRoutes(
                useCases.sweep(), metrics, internalKey, settings.accessSettings().authMode()),
            new HomeRoutes(links),
            new DocsRoutes(
                OpenApi.describe(links, settings.accessSettings().authMode(), rules), links),
            new Problems());
  }

  private static Authenticator authenticator(AuthMode authMode, Clock clock) {
    return switch (authMode) {
      case AuthMode.None _ -> ctx -> new Caller.TrustedServer(ctx.ip());
      case AuthMode.ApiKeys apiKeys -> new ApiKeyAuthenticator(apiKeys.keys());
      case AuthMode.Jwt jwt -> new JwtAuthenticator(jwt, clock);
    };
  }

  /**
   * Listens on all interfaces.
   *
   * @throws PortUnavailableException when the port is not available
   */
  public synchronized void start() {
    if (javalin != null) {
      throw new IllegalStateException("already started");
    }
    Javalin server = Javalin.create(this::configure);
    try {
      server.start();
    } catch (JavalinBindException e) {
      throw new PortUnavailableException(settings.port(), e);
    }
    javalin = server;
    port = server.port();
  }

  /** The actual listening port, never 0. */
  public int port() {
    Integer listening = port;
    if (listening == null) {
      throw new IllegalStateException("not started");
    }
    return listening;
  }

  /** Every route, such as {@code GET /api/predictions/{id}}. */
  public synchronized List<String> routes() {
    if (javalin == null) {
      throw new IllegalStateException("not started");
    }
    return javalin.unsafe.internalRouter.allHttpHandlers().stream()
        .map(route -> route.endpoint)
        .filter(endpoint -> endpoint.method.isHttpMethod())
        .map(endpoint -> endpoint.method.name() + " " + endpoint.path)
        .toList();
  }

  /**
   * Stops accepting requests and waits up to {@code shutdownTimeout} for those in flight. Long
   * polls and event streams count, so close their subscriptions first.
   */
  @Override
  public synchronized void close() {
    if (javalin == null) {
      return;
    }
    try {
      javalin.stop();
    } catch (JavalinException e) {
      log.warn("requests still in flight at the shutdown timeout were aborted", e);
    }
  }

  private void configure(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.prefer405over404 = true;
    // Images are compressed already.
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.jetty.addConnector(this::connector);
    // Unlimited: a waiting request costs only a virtual thread.
    config.jetty.threadPool = new VirtualThreadPool(0);
    // Javalin would accept ambiguous paths: encoded slashes and dots, empty segments.
    config.jetty.modifyHttpConfiguration(http -> http.setUriCompliance(UriCompliance.RFC3986));
    config.jetty.modifyServer(this::configure);
    config.router.javaLangErrorHandler(Problems::error);
    routes.forEach(group -> group.addTo(config.routes));
  }

  private Connector connector(Server server, HttpConfiguration http) {
    var connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost("0.0.0.0");
    connector.setPort(settings.port());
    connector.setIdleTimeout(settings.clientTimeout().toMillis());
    return connector;
  }

  private void configure(Server server) {
    server.setStopTimeout(settings.shutdownTimeout().toMillis());
    server.insertHandler(new GracefulHandler());
    server.insertHandler(new RequestBodyTimeout(settings.clientTimeout(), UPLOAD_TIMEOUT));
    server.insertHandler(new PercentEncoding());
    server.insertHandler(cors);
    server.insertHandler(requestContext);
    server.setErrorHandler(new JettyErrors(requestContext, cors));
    server.setRequestLog(new AccessLog(requestContext));
  }
}
