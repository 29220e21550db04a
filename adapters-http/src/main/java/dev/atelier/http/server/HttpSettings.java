package dev.atelier.http.server;

import dev.atelier.application.port.Secret;
import dev.atelier.http.auth.AccessSettings;
import dev.atelier.http.auth.AuthMode;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Settings of the HTTP server.
 *
 * @param port 0 picks a free port
 * @param appUrl public base URL; may have a path
 * @param internalKey if empty, {@code /internal} is closed, and {@code /metrics} is open only with
 *     {@link AuthMode.None}
 * @param activeLimit active generations per user
 * @param heartbeat maximum interval between writes to an event stream
 * @param clientTimeout for receiving a request, and idle timeout of a connection
 * @param shutdownTimeout for in-flight requests after {@code close}
 */
public record HttpSettings(
    int port,
    URI appUrl,
    Optional<Secret> internalKey,
    AccessSettings accessSettings,
    int activeLimit,
    int uploadMaxBytes,
    Duration heartbeat,
    Duration clientTimeout,
    Duration shutdownTimeout) {
  public HttpSettings {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port must be between 0 and 65535");
    }
    boolean isHttp = "http".equals(appUrl.getScheme()) || "https".equals(appUrl.getScheme());
    if (!isHttp || appUrl.getHost() == null) {
      throw new IllegalArgumentException("appUrl must be an absolute http or https URL");
    }
    if (appUrl.getQuery() != null || appUrl.getFragment() != null) {
      throw new IllegalArgumentException("appUrl must have neither a query nor a fragment");
    }
    if (!heartbeat.isPositive()) {
      throw new IllegalArgumentException("heartbeat must be positive");
    }
    if (!clientTimeout.isPositive()) {
      throw new IllegalArgumentException("clientTimeout must be positive");
    }
    if (!shutdownTimeout.isPositive()) {
      throw new IllegalArgumentException("shutdownTimeout must be positive");
    }
  }
}
