package dev.atelier.skytells.client;

import dev.atelier.application.port.Secret;
import dev.atelier.domain.GenerationId;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import okhttp3.HttpUrl;

/**
 * How Skytells is reached, and how it reaches us.
 *
 * @param baseUrl with the version, such as {@code https://api.skytells.ai/v1}; the API key goes to
 *     this origin and to no other
 * @param apiKey sent as {@code x-api-key}, and in no other way
 * @param appUrl our own public base URL, which the webhooks' addresses begin with
 * @param webhookStyle always {@link WebhookStyle#NONE} on the edge API, which has no webhooks
 */
public record SkytellsSettings(
    URI baseUrl,
    Secret apiKey,
    URI appUrl,
    WebhookStyle webhookStyle,
    Timeouts timeouts,
    Retries retries) {
  /** Where Skytells is, unless told otherwise. */
  public static final URI DEFAULT_BASE_URL = URI.create("https://api.skytells.ai/v1");

  private static final String EDGE_HOST = "edge.skytells.ai";
  private static final String WEBHOOKS = "api/webhooks/skytells";

  /** How a create call asks for a webhook: Skytells' own documents know both forms. */
  public enum WebhookStyle {
    /** {@code webhook} is the address, {@code webhook_events_filter} beside it. */
    STRING,
    /** {@code webhook} is an object of {@code url} and {@code events}. */
    OBJECT,
    /** No webhook; predictions are polled. */
    NONE
  }

  /**
   * How long one call may take.
   *
   * @param connect to open a connection
   * @param read without a byte from Skytells
   * @param call all of it, from the address look-up to the last byte of the reply
   */
  public record Timeouts(Duration connect, Duration read, Duration call) {
    /** Skytells' own SDK gives a call 60 seconds. */
    public static final Timeouts DEFAULT =
        new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(60));
  }

  /**
   * How calls that may be made again are made again.
   *
   * @param firstDelay before the second try; doubles from try to try
   * @param maxDelay the longest delay between two tries, unless Skytells asks for a longer one
   * @param budget how long to go on in all; a {@code Retry-After} beyond it ends the tries at once
   * @param confirmation how long to wait before a prediction that is reported as failed in a broken
   *     way is asked about again
   */
  public record Retries(
      Duration firstDelay, Duration maxDelay, Duration budget, Duration confirmation) {
    /** A few seconds, since a client is waiting. */
    public static final Retries DEFAULT =
        new Retries(
            Duration.ofMillis(250),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofSeconds(2));

    /**
     * @throws IllegalArgumentException when the delays do not grow, or nothing may be tried
     */
    public Retries {
      if (!firstDelay.isPositive() || firstDelay.compareTo(maxDelay) >= 0 || !budget.isPositive()) {
        throw new IllegalArgumentException("delays must be positive and grow, within a budget");
      }
    }
  }

  /**
   * Strips trailing slashes.
   *
   * @throws IllegalArgumentException when an address is not one, saying what it must look like
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

  /** With the default timeouts and retries. */
  public static SkytellsSettings of(
      URI baseUrl, Secret apiKey, URI appUrl, WebhookStyle webhookStyle) {
    return new SkytellsSettings(
        baseUrl, apiKey, appUrl, webhookStyle, Timeouts.DEFAULT, Retries.DEFAULT);
  }

  /** Where Skytells shall report on that generation. */
  String webhookAddress(GenerationId id) {
    return appUrl + "/" + WEBHOOKS + "/" + id;
  }

  /** The generation that a webhook's address is of, when it is one of ours. */
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
