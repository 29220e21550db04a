package dev.atelier.bootstrap;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.Stage;
import com.google.inject.util.Modules;
import dev.atelier.application.Sweeper;
import dev.atelier.application.Watches;
import dev.atelier.http.HttpServer;
import dev.atelier.persistence.blob.FileBlobStore;
import dev.atelier.persistence.postgres.PostgresChanges;
import dev.atelier.persistence.postgres.PostgresDatabase;
import dev.atelier.skytells.SkytellsClient;
import dev.atelier.skytells.SkytellsOutputs;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * The wired service. Starts stores before ingest; stops ingest, then workers, then stores, within
 * the ten seconds that Cloud Run gives.
 */
final class Atelier implements AutoCloseable {
  private static final Duration FINISH_TRANSFERS = Duration.ofSeconds(4);

  private final Injector injector;

  private Atelier(Injector injector) {
    this.injector = injector;
  }

  /** Wires the service; nothing is opened yet. */
  static Atelier wire(Settings settings, Clock clock, SecureRandom random) {
    return wire(settings, clock, random, UnaryOperator.identity());
  }

  /**
   * Wires the service with another view of its modules: a test may want to stand between them.
   *
   * @param change what it makes of all modules together
   */
  static Atelier wire(
      Settings settings, Clock clock, SecureRandom random, UnaryOperator<Module> change) {
    Module modules =
        Modules.combine(
            binder -> {
              binder.requireExplicitBindings();
              binder.disableCircularProxies();
            },
            new ApplicationModule(settings, clock, random),
            new PostgresModule(settings),
            new FileBlobsModule(settings),
            new SkytellsModule(settings),
            new HttpModule(settings, random));
    return new Atelier(Guice.createInjector(Stage.PRODUCTION, change.apply(modules)));
  }

  /**
   * Opens everything, the port last.
   *
   * @throws dev.atelier.application.port.UnavailableException when a store cannot be opened
   */
  void start() {
    try {
      injector.getInstance(PostgresDatabase.class).start();
      injector.getInstance(FileBlobStore.class).start();
      injector.getInstance(Watches.class).start();
      injector.getInstance(Sweeper.class).start();
      injector.getInstance(HttpServer.class).start();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public void close() {
    Closing.inOrder(
        List.of(
            injector.getInstance(Watches.class), // who waits gets an answer at once
            injector.getInstance(HttpServer.class),
            injector.getInstance(Sweeper.class),
            () -> finish(injector.getInstance(ExecutorService.class)),
            injector.getInstance(SkytellsClient.class),
            injector.getInstance(SkytellsOutputs.class),
            injector.getInstance(PostgresChanges.class),
            injector.getInstance(PostgresDatabase.class)));
  }

  /** What is cut off here is still due in its row. */
  private static void finish(ExecutorService workers) throws InterruptedException {
    workers.shutdown();
    if (!workers.awaitTermination(FINISH_TRANSFERS.toSeconds(), TimeUnit.SECONDS)) {
      workers.shutdownNow();
    }
  }
}
