package dev.atelier.bootstrap;

import dev.atelier.application.port.Secret;
import dev.atelier.persistence.postgres.PostgresUrl;
import dev.atelier.skytells.OutputHosts;
import dev.atelier.skytells.SkytellsSettings.WebhookStyle;
import dev.atelier.skytells.sandbox.Sandbox;
import dev.atelier.skytells.sandbox.SandboxSettings;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;

/**
 * What runs within the service because nothing else was set: a PostgreSQL that keeps its data, and
 * the sandbox. Started before the wiring, which then sees complete settings.
 */
final class EmbeddedDefaults implements AutoCloseable {
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final Settings complete;

  private EmbeddedDefaults(Settings settings, Clock clock, SecureRandom random) {
    try {
      PostgresUrl database = settings.database().orElseGet(this::startPostgres);
      Settings.Skytells skytells = settings.skytells().orElseGet(() -> startSandbox(clock, random));
      complete = settings.complete(database, skytells);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /**
   * Starts what the settings leave out.
   *
   * @throws StartupException when it does not start
   */
  static EmbeddedDefaults start(Settings settings, Clock clock, SecureRandom random) {
    return new EmbeddedDefaults(settings, clock, random);
  }

  /** The settings with nothing left out. */
  Settings complete() {
    return complete;
  }

  private PostgresUrl startPostgres() {
    EmbeddedPostgresServer postgres =
        EmbeddedPostgresServer.start(Settings.HOME.resolve("postgres"));
    started.push(postgres);
    return PostgresUrl.parse(postgres.url());
  }

  private Settings.Skytells startSandbox(Clock clock, SecureRandom random) {
    var apiKey = new Secret("sk-" + randomHex(random));
    var webhookSecret = new Secret("whsec_" + randomHex(random));
    var sandbox = new Sandbox(SandboxSettings.standard(apiKey, webhookSecret), clock);
    sandbox.start();
    started.push(sandbox);
    return new Settings.Skytells(
        sandbox.baseUrl(),
        apiKey,
        List.of(webhookSecret),
        WebhookStyle.STRING,
        OutputHosts.parse(sandbox.origin().toString()));
  }

  private static String randomHex(SecureRandom random) {
    byte[] bytes = new byte[24];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Stops what was started, the last one first. */
  @Override
  public void close() {
    Closing.inOrder(started);
    started.clear();
  }
}
