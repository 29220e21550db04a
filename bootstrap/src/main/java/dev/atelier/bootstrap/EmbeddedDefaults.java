package dev.atelier.bootstrap;

import dev.atelier.application.port.Secret;
import dev.atelier.persistence.postgres.PostgresUrl;
import dev.atelier.skytells.client.SkytellsSettings.WebhookStyle;
import dev.atelier.skytells.output.OutputHosts;
import dev.atelier.skytells.sandbox.Sandbox;
import dev.atelier.skytells.sandbox.api.SandboxSettings;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;

/** Starts an embedded PostgreSQL and the sandbox if their settings are missing. */
final class EmbeddedDefaults implements AutoCloseable {
  private final Settings settings;
  private final Clock clock;
  private final SecureRandom random;
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private boolean closed;

  EmbeddedDefaults(Settings settings, Clock clock, SecureRandom random) {
    this.settings = settings;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Returns complete settings. A concurrent {@link #close()} waits, so that it stops everything
   * that was started.
   *
   * @throws StartupException if the start fails or {@link #close()} was called before
   */
  synchronized Settings start() {
    if (closed) {
      throw new StartupException("stopped during the start");
    }
    PostgresUrl database = settings.database().orElseGet(this::startPostgres);
    return settings.complete(database, settings.skytells().orElseGet(this::startSandbox));
  }

  private PostgresUrl startPostgres() {
    EmbeddedPostgresServer postgres =
        EmbeddedPostgresServer.start(Settings.DATA_DIRECTORY.resolve("postgres"));
    started.push(postgres);
    return PostgresUrl.parse(postgres.jdbcUrl());
  }

  private Settings.Skytells startSandbox() {
    var apiKey = new Secret("sk-" + randomHex());
    var webhookSecret = new Secret("whsec_" + randomHex());
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

  private String randomHex() {
    byte[] bytes = new byte[24];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public synchronized void close() {
    closed = true;
    CloseAll.closeAll(started);
    started.clear();
  }
}
