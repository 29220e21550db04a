package dev.atelier.skytells.client;

import dev.atelier.application.port.Secret;
import dev.atelier.domain.GenerationId;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import okhttp3.HttpUrl;

/**
 * Connection settings of Skytells, and the URL for its webhooks.
 *
 * @param baseUrl with the version, such as {@code https://api.skytells.ai/v1}
 * @param apiKey sent as {@code x-api-key}, only to the origin of {@code baseUrl}
 * @param appUrl our public base URL, the prefix of webhook URLs
 * @param webhookStyle always {@link WebhookStyle#NONE} on the edge API, which has no webhooks
 */
public record SkytellsSettings(
    URI baseUrl,
    Secret apiKey,
    URI appUrl,
    WebhookStyle webhookStyle,
    Timeouts timeouts,
    Retries retries) {
  public static final URI DEFAULT_BASE_URL = URI.create("https://api.skytells.ai/v1");

  private static final String EDGE_HOST = "edge.skytells.ai";
  private static final String WEBHOOKS = "api/webhooks/skytells";

  /** How a create call requests a webhook. Skytells documents both forms. */
  public enum WebhookStyle {
    /** {@code webhook} is the URL, next to {@code webhook_events_filter}. */
    STRING,
    /** {@code webhook} is an object of {@code url} and {@code events}. */
    OBJECT,
    /** No webhook; predictions are polled. */
    NONE
  }

  /**
   * Timeouts of one call.
   *
   * @param read without a byte from Skytells
   * @param call in total, from the DNS lookup to the last byte
   */
  public record Timeouts(Duration connect, Duration read, Duration call) {
    /** Skytells' SDK uses 60 seconds. */
    public static final Timeouts DEFAULT =
        new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(60));
  }

  /**
   * Retry policy.
   *
   * @param firstDelay before the second try; doubles with each try
   * @param maxDelay the longest delay, unless {@code Retry-After} is longer
   * @param budget total time; a {@code Retry-After} beyond it ends the retries at once
   * @param confirmation delay before a prediction is polled again whose failure was reported as an
   *     HTTP error
   */
  public record Retries(
      Duration firstDelay, Duration maxDelay, Duration budget, Duration confirmation) {
    /** Short, since a client is waiting. */
    public static final Retries DEFAULT =
        new Retries(
            Duration.ofMillis(250),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofSeconds(2));

    /**
     * @throws IllegalArgumentException if the delays do not grow or the budget is not positive
     */
    public Retries {
      if (!firstDelay.isPositive() || firstDelay.compareTo(maxDelay) >= 0 || !budget.isPositive()) {
        throw new IllegalArgumentException(
            "firstDelay must be positive and less than maxDelay, and budget positive");
      }
    }
  }

  /**
   * Strips trailing slashes.
   *
   * @throws IllegalArgumentException if a URL or the key is invalid; the message does not quote
   *     them
   */
  public SkytellsSettings {
    baseUrl = baseAddress("the Skytells base URL", baseUrl);
    appUrl = baseAddress("the app URL", appUrl);
    if (apiKey.value().isBlank() || !apiKey.value().chars().allMatch(c -> c > ' ' && c < 0x7F)) {
      throw new IllegalArgumentException("the Skytells API key must be printable ASCII");
    }
    if (baseUrl.getHost().equalsIgnoreCase(EDGE_HOST)) {
      webhookStyle = WebhookStyle.NONE;
    }
  }

  public static SkytellsSettings of(
      URI baseUrl, Secret apiKey, URI appUrl, WebhookStyle webhookStyle) {
    return new SkytellsSettings(
        baseUrl, apiKey, appUrl, webhookStyle, Timeouts.DEFAULT, Retries.DEFAULT);
  }

  String webhookAddress(GenerationId id) {
    return appUrl + "/" + WEBHOOKS + "/" + id;
  }

  /** The generation of a webhook URL; empty if the URL is not ours. */
  Optional<GenerationId> generationAt(String webhookAddress) {
    HttpUrl address = HttpUrl.parse(webhookAddress);
    if (address == null) {
      return Optional.empty();
    }
    String last = address.pathSegments().getLast();
    return GenerationId.parse(last).filter(id -> address.equals(HttpUrl.parse(webhookAddress(id))));
  }

  private static URI baseAddress(String name, URI address) {
    boolean http =
        "https".equalsIgnoreCase(address.getScheme())
            || "http".equalsIgnoreCase(address.getScheme());
    if (!http
        || address.getHost() == null
        || address.getRawUserInfo() != null
        || address.getRawQuery() != null
        || address.getRawFragment() != null) {
      throw new IllegalArgumentException(
          name + " must look like https://host/path, without user, query or fragment");
    }
    return URI.create(address.toString().replaceFirst("/+$", ""));
  }
}
