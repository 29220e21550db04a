package dev.atelier.skytells.client;

import dev.atelier.application.port.Secret;
import java.net.URI;
import java.time.Duration;

/** Client settings for tests. */
final class Settings {
  static final String API_KEY = "sk-test-key";
  static final URI APP_URL = URI.create("https://app.example.test");

  /** For tests without a timeout, also on a busy machine. */
  static final SkytellsSettings.Timeouts PATIENT =
      new SkytellsSettings.Timeouts(
          Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(20));

  /** For servers that never answer. */
  static final SkytellsSettings.Timeouts IMPATIENT =
      new SkytellsSettings.Timeouts(
          Duration.ofSeconds(10), Duration.ofMillis(200), Duration.ofSeconds(20));

  /** At least four tries within a second, also on a busy machine. */
  static final SkytellsSettings.Retries QUICK =
      new SkytellsSettings.Retries(
          Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofSeconds(1), Duration.ofMillis(1));

  private Settings() {}

  static SkytellsSettings of(ScriptedServer server) {
    return of(server, SkytellsSettings.WebhookStyle.STRING);
  }

  static SkytellsSettings of(ScriptedServer server, SkytellsSettings.WebhookStyle style) {
    return of(baseUrl(server), APP_URL, style, PATIENT, QUICK);
  }

  static SkytellsSettings of(ScriptedServer server, SkytellsSettings.Timeouts timeouts) {
    return of(baseUrl(server), APP_URL, timeouts, QUICK);
  }

  static SkytellsSettings of(ScriptedServer server, SkytellsSettings.Retries retries) {
    return of(baseUrl(server), APP_URL, PATIENT, retries);
  }

  static SkytellsSettings of(URI baseUrl, URI appUrl) {
    return of(baseUrl, appUrl, PATIENT, QUICK);
  }

  static SkytellsSettings of(
      URI baseUrl,
      URI appUrl,
      SkytellsSettings.Timeouts timeouts,
      SkytellsSettings.Retries retries) {
    return of(baseUrl, appUrl, SkytellsSettings.WebhookStyle.STRING, timeouts, retries);
  }

  private static SkytellsSettings of(
      URI baseUrl,
      URI appUrl,
      SkytellsSettings.WebhookStyle style,
      SkytellsSettings.Timeouts timeouts,
      SkytellsSettings.Retries retries) {
    return new SkytellsSettings(baseUrl, new Secret(API_KEY), appUrl, style, timeouts, retries);
  }

  private static URI baseUrl(ScriptedServer server) {
    return server.origin().resolve("/v1");
  }
}
