package dev.atelier.bootstrap;

import dev.atelier.application.port.UnavailableException;
import dev.atelier.http.Auth;
import dev.atelier.http.CannotListenException;
import dev.atelier.persistence.blob.GcsSettings;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the service from the environment, and stops it on SIGTERM or Ctrl-C. */
public final class Main {
  /** {@code EX_CONFIG} of sysexits.h: something in the environment is wrong. */
  private static final int EXIT_CONFIGURATION = 78;

  /** {@code EX_UNAVAILABLE} of sysexits.h: something the service needs is not there. */
  private static final int EXIT_UNAVAILABLE = 69;

  private static final Logger log = LoggerFactory.getLogger(Main.class);

  private Main() {}

  /**
   * Runs until it is told to stop.
   *
   * @param args none are known; everything is set in the environment
   */
  public static void main(String[] args) {
    // Guice then makes do without generated classes, about which the JDK 25 would warn.
    System.setProperty("guice_bytecode_gen_option", "DISABLED");
    try {
      run();
    } catch (InvalidSettingsException e) {
      System.err.println("Atelier cannot start; the environment needs a change:");
      e.problems().forEach(problem -> System.err.println("  " + problem));
      System.exit(EXIT_CONFIGURATION);
    } catch (StartupException | UnavailableException | CannotListenException e) {
      System.err.println("Atelier cannot start: " + e.getMessage() + reason(e));
      System.exit(EXIT_UNAVAILABLE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What was wrong at the bottom; a message of the database's never has a password in it. */
  private static String reason(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(thrown.getMessage()).contains(String.valueOf(cause.getMessage()))
        ? ""
        : " (" + cause + ")";
  }

  private static void run() throws InterruptedException {
    // Instants are kept to the microsecond, as PostgreSQL keeps them.
    Clock clock = Clock.tick(Clock.systemUTC(), Duration.ofNanos(1000));
    var random = new SecureRandom();
    Settings settings = Settings.read(System.getenv());
    var embedded = new EmbeddedDefaults(settings, clock, random);
    var atelier = new AtomicReference<Optional<Atelier>>(Optional.empty());
    // First of all: a signal may come while it is still starting.
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
    tellWhereItIs(settings, complete);
    new CountDownLatch(1).await(); // until the JVM is told to stop
  }

  private static void tellWhereItIs(Settings asSet, Settings complete) {
    log.info("The studio is at {}, listening on port {}", complete.appUrl(), complete.port());
    log.info(
        "  database  {}",
        asSet.database().isPresent()
            ? "PostgreSQL by DATABASE_URL"
            : "embedded PostgreSQL, data in " + Settings.HOME.resolve("postgres").toAbsolutePath());
    log.info(
        "  storage   {}",
        switch (complete.blobs()) {
          case BlobSettings.Files(Path directory) -> "files in " + directory.toAbsolutePath();
          case BlobSettings.Bucket(GcsSettings bucket) ->
              "the bucket gs://" + bucket.bucket() + "/" + bucket.prefix();
        });
    complete
        .skytells()
        .ifPresent(
            skytells ->
                log.info(
                    "  skytells  {}{}",
                    asSet.skytells().isPresent() ? "" : "the sandbox, nothing is paid, at ",
                    skytells.baseUrl()));
    log.info(
        "  callers   {}",
        switch (complete.access().auth()) {
          case Auth.None _ -> "everybody who can reach the port (AUTH=none)";
          case Auth.ApiKeys apiKeys -> "servers with a key: " + apiKeys.keys();
          case Auth.Jwt jwt -> "users with a token of " + jwt.issuer();
        });
  }
}
