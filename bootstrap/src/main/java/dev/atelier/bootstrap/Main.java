package dev.atelier.bootstrap;

import dev.atelier.application.port.UnavailableException;
import dev.atelier.http.auth.AuthMode;
import dev.atelier.http.server.PortUnavailableException;
import dev.atelier.persistence.blob.gcs.GcsSettings;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the service with settings from the environment and stops it on SIGTERM or Ctrl-C. */
public final class Main {
  /** {@code EX_CONFIG} of sysexits.h: a setting is invalid. */
  private static final int EXIT_CONFIGURATION = 78;

  /** {@code EX_UNAVAILABLE} of sysexits.h: a dependency is unavailable. */
  private static final int EXIT_UNAVAILABLE = 69;

  private static final Logger log = LoggerFactory.getLogger(Main.class);

  private Main() {}

  /** Runs until the JVM is stopped. */
  public static void main(String[] args) {
    // Without generated Guice classes, JDK 25 prints no warning.
    System.setProperty("guice_bytecode_gen_option", "DISABLED");
    try {
      run();
    } catch (InvalidSettingsException e) {
      System.err.println("Atelier cannot start because of invalid settings:");
      e.problems().forEach(problem -> System.err.println("  " + problem));
      System.exit(EXIT_CONFIGURATION);
    } catch (StartupException | UnavailableException | PortUnavailableException e) {
      System.err.println("Atelier cannot start: " + e.getMessage() + rootCause(e));
      System.exit(EXIT_UNAVAILABLE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The database driver's messages contain no password. */
  private static String rootCause(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(thrown.getMessage()).contains(String.valueOf(cause.getMessage()))
        ? ""
        : " (" + cause + ")";
  }

  private static void run() throws InterruptedException {
    // PostgreSQL stores microseconds.
    Clock clock = Clock.tick(Clock.systemUTC(), Duration.ofNanos(1000));
    var random = new SecureRandom();
    Settings settings = Settings.read(System.getenv());
    var embedded = new EmbeddedDefaults(settings, clock, random);
    var atelier = new AtomicReference<Optional<Atelier>>(Optional.empty());
    // Register this first: a signal may arrive during the start.
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  log.info("Stopping");
                  atelier.get().ifPresent(Atelier::close);
                  embedded.close();
                  log.info("Stopped");
                },
                "stop"));
    Settings complete = embedded.start();
    Atelier wired = Atelier.wire(complete, clock, random);
    atelier.set(Optional.of(wired));
    wired.start();
    logSettings(settings, complete);
    new CountDownLatch(1).await(); // until the JVM exits
  }

  private static void logSettings(Settings configured, Settings complete) {
    log.info("The studio is at {}, listening on port {}", complete.appUrl(), complete.port());
    log.info(
        "  database  {}",
        configured.database().isPresent()
            ? "PostgreSQL at DATABASE_URL"
            : "embedded PostgreSQL, data in "
                + Settings.DATA_DIRECTORY.resolve("postgres").toAbsolutePath());
    log.info(
        "  storage   {}",
        switch (complete.blobs()) {
          case BlobSettings.Files(Path directory) -> "files in " + directory.toAbsolutePath();
          case BlobSettings.Bucket(GcsSettings bucket) ->
              "bucket gs://" + bucket.bucket() + "/" + bucket.prefix();
        });
    complete
        .skytells()
        .ifPresent(
            skytells ->
                log.info(
                    "  skytells  {}{}",
                    configured.skytells().isPresent() ? "" : "sandbox, free of charge: ",
                    skytells.baseUrl()));
    log.info(
        "  callers   {}",
        switch (complete.accessSettings().authMode()) {
          case AuthMode.None _ -> "anyone who can reach the port (AUTH=none)";
          case AuthMode.ApiKeys apiKeys -> "servers with an API key: " + apiKeys.keys();
          case AuthMode.Jwt jwt -> "users with a token from " + jwt.issuer();
        });
  }
}
