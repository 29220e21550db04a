package dev.atelier.http;

import dev.atelier.application.port.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Where to listen, and under which address the world sees it.
 *
 * @param port to listen on, on every interface; 0 takes any free one
 * @param appUrl the public base URL that links begin with; http or https, perhaps with a path
 * @param internalKey what a caller of {@code /internal} and {@code /metrics} must bear; empty
 *     closes the former to everybody, and the latter too unless everybody is trusted
 * @param access who may call, and how often
 * @param activeLimit the most active generations of one user, as clients are told
 * @param heartbeat the longest silence of a stream of events
 * @param patience how long a request may take to arrive, and a client to take some of its answer
 * @param closeWithin how long requests in flight may take to finish when the server closes
 */
public record HttpSettings(
    int port,
    URI appUrl,
    Optional<Secret> internalKey,
    Access access,
    int activeLimit,
    Duration heartbeat,
    Duration patience,
    Duration closeWithin) {
  /**
   * @throws IllegalArgumentException when a value cannot be one
   */
  public HttpSettings {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port must be between 0 and 65535");
    }
    boolean web = "http".equals(appUrl.getScheme()) || "https".equals(appUrl.getScheme());
    if (!web || appUrl.getHost() == null) {
      throw new IllegalArgumentException("appUrl must be an absolute http or https URL");
    }
    if (appUrl.getQuery() != null || appUrl.getFragment() != null) {
      throw new IllegalArgumentException("appUrl must have neither a query nor a fragment");
    }
    if (!heartbeat.isPositive()) {
      throw new IllegalArgumentException("heartbeat must be positive");
    }
    if (!patience.isPositive()) {
      throw new IllegalArgumentException("patience must be positive");
    }
    if (!closeWithin.isPositive()) {
      throw new IllegalArgumentException("closeWithin must be positive");
    }
  }
}
