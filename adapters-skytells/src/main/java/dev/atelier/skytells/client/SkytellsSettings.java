package dev.atelier.skytells.client;

import dev.atelier.application.port.Secret;
import dev.atelier.domain.GenerationId;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import okhttp3.HttpUrl;

/**
 * How to reach Skytells, and how its webhooks reach us.
 *
 * @param baseUrl such as {@code https://api.skytells.ai/v1}
 * @param apiKey sent only to the origin of {@code baseUrl}
 * @param appUrl our public base URL
 * @param webhookStyle always {@code NONE} on the edge API, which has no webhooks
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

  /** Skytells documents both forms. */
  public enum WebhookStyle {
    STRING,
    OBJECT,
    NONE
  }

  /**
   * Timeouts of one call.
   *
   * @param read maximum time between two received bytes
   * @param call the whole call, including DNS
   */
  public record Timeouts(Duration connect, Duration read, Duration call) {
    /** As in Skytells' SDK. */
    public static final Timeouts DEFAULT =
        new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(60));
  }

  /**
   * When to retry.
   *
   * @param firstDelay doubles with each try
   * @param maxDelay unless {@code Retry-After} is longer
   * @param budget in total; a {@code Retry-After} beyond it ends the retries
   * @param confirmation pause before a prediction that was reported as failed by an HTTP error is
   *     read again
   */
  public record Retries(
      Duration firstDelay, Duration maxDelay, Duration budget, Duration confirmation) {
    /** Short, because a client is waiting. */
    public static final Retries DEFAULT =
        new Retries(
            Duration.ofMillis(250),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofSeconds(2));

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
   * @throws IllegalArgumentException without quoting the invalid value
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
