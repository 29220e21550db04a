package dev.atelier.bootstrap;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.Stage;
import com.google.inject.util.Modules;
import dev.atelier.application.health.CheckReadiness;
import dev.atelier.application.health.CheckReadiness.Finding;
import dev.atelier.application.subscribe.GenerationSubscriptions;
import dev.atelier.application.sweep.Sweeper;
import dev.atelier.http.server.HttpServer;
import dev.atelier.persistence.blob.gcs.GcsSettings;
import dev.atelier.persistence.postgres.PostgresChangeNotifications;
import dev.atelier.persistence.postgres.PostgresDatabase;
import dev.atelier.skytells.client.SkytellsClient;
import dev.atelier.skytells.client.SkytellsModelCatalog;
import dev.atelier.skytells.output.SkytellsOutputs;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The wired service; owns start and shutdown. Opens the database first and the HTTP server last.
 * Cloud Run allows ten seconds for a shutdown: requests take at most three, the sweep one, and
 * transfers three.
 */
final class Atelier implements AutoCloseable {
  private static final Duration TRANSFER_TIMEOUT = Duration.ofSeconds(3);

  private static final Logger log = LoggerFactory.getLogger(Atelier.class);

  private final Injector injector;

  private Atelier(Injector injector) {
    this.injector = injector;
  }

  /** Does no I/O. */
  static Atelier wire(Settings settings, Clock clock, SecureRandom random) {
    return wire(settings, clock, random, UnaryOperator.identity());
  }

  /**
   * @param override lets tests replace bindings
   */
  static Atelier wire(
      Settings settings, Clock clock, SecureRandom random, UnaryOperator<Module> override) {
    Module modules =
        Modules.combine(
            binder -> {
              binder.requireExplicitBindings();
              binder.disableCircularProxies();
            },
            new ApplicationModule(settings, clock, random),
            new PostgresModule(settings),
            blobs(settings.blobs()),
            new SkytellsModule(settings),
            new HttpModule(settings, random));
    return new Atelier(Guice.createInjector(Stage.PRODUCTION, override.apply(modules)));
  }

  private static Module blobs(BlobSettings settings) {
    return switch (settings) {
      case BlobSettings.Files(Path directory) -> new FileBlobsModule(directory);
      case BlobSettings.Bucket(GcsSettings bucket) -> new GcsBlobsModule(bucket);
    };
  }

  /**
   * Opens everything, and logs unavailable dependencies. An unavailable blob store does not prevent
   * the start: the spool keeps outputs that would otherwise expire.
   *
   * @throws dev.atelier.application.port.UnavailableException if the database cannot be opened
   */
  void start() {
    try {
      injector.getInstance(PostgresDatabase.class).start();
      injector.getInstance(GenerationSubscriptions.class).start();
      injector.getInstance(Sweeper.class).start();
      injector.getInstance(SkytellsModelCatalog.class).warmUp();
      injector.getInstance(HttpServer.class).start();
      logUnavailable(injector.getInstance(CheckReadiness.class).check());
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static void logUnavailable(List<Finding> findings) {
    for (Finding finding : findings) {
      finding
          .problem()
          .ifPresent(
              problem ->
                  log.error(
                      "dependency unavailable: {}: {}. {}",
                      finding.dependency(),
                      problem,
                      finding.groupReady()
                          ? "Outputs are spooled in PostgreSQL, whose capacity is limited"
                          : "Outputs will be lost"));
    }
  }

  @Override
  public void close() {
    CloseAll.closeAll(
        List.of(
            injector.getInstance(GenerationSubscriptions.class), // long polls return at once
            injector.getInstance(HttpServer.class),
            injector.getInstance(Sweeper.class),
            () -> finish(injector.getInstance(ExecutorService.class)),
            injector.getInstance(SkytellsClient.class),
            injector.getInstance(SkytellsOutputs.class),
            injector.getInstance(PostgresChangeNotifications.class),
            injector.getInstance(PostgresDatabase.class)));
  }

  /** Interrupted transfers remain due in their rows. */
  private static void finish(ExecutorService workers) throws InterruptedException {
    workers.shutdown();
    if (!workers.awaitTermination(TRANSFER_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
      workers.shutdownNow();
    }
  }
}
