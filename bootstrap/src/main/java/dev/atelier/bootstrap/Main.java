package dev.atelier.bootstrap;

import dev.atelier.application.port.UnavailableException;
import dev.atelier.http.CannotListenException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
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
      System.err.println("Atelier cannot start: " + e.getMessage());
      System.exit(EXIT_UNAVAILABLE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void run() throws InterruptedException {
    // Instants are kept to the microsecond, as PostgreSQL keeps them.
    Clock clock = Clock.tick(Clock.systemUTC(), Duration.ofNanos(1000));
    var random = new SecureRandom();
    Settings settings = Settings.read(System.getenv());
    EmbeddedDefaults embedded = EmbeddedDefaults.start(settings, clock, random);
    try {
      Atelier atelier = Atelier.wire(embedded.complete(), clock, random);
      atelier.start();
      tellWhereItIs(settings, embedded.complete());
      waitUntilStopped(atelier, embedded);
    } catch (RuntimeException | Error e) {
      embedded.close();
      throw e;
    }
  }

  private static void tellWhereItIs(Settings asSet, Settings complete) {
    log.info("The studio is at {}", complete.appUrl());
    log.info(
        "  database  {}",
        asSet.database().isPresent()
            ? "PostgreSQL by DATABASE_URL"
            : "embedded PostgreSQL, data in " + Settings.HOME.resolve("postgres"));
    log.info("  storage   files in {}", complete.blobDirectory());
    complete
        .skytells()
        .ifPresent(
            skytells ->
                log.info(
                    "  skytells  {} at {}",
                    asSet.skytells().isPresent() ? "the real one" : "the sandbox, nothing is paid,",
                    skytells.baseUrl()));
    log.info("  callers   everybody who can reach the port (AUTH=none)");
  }

  private static void waitUntilStopped(Atelier atelier, EmbeddedDefaults embedded)
      throws InterruptedException {
    var stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  log.info("Stopping");
                  atelier.close();
                  embedded.close();
                  log.info("Stopped");
                  stopped.countDown();
                },
                "stop"));
    stopped.await();
  }
}
