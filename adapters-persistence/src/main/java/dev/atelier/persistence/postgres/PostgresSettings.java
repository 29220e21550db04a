package dev.atelier.persistence.postgres;

import java.time.Duration;

/**
 * Connection settings and timeouts.
 *
 * @param poolSize connections of this instance, which opens one more for notifications; the server
 *     must allow twice the sum of all instances, because old and new ones overlap during a
 *     deployment
 * @param startupTimeout how long the start waits for the database
 * @param timeout for getting a connection and for each statement, in whole seconds
 */
public record PostgresSettings(
    PostgresUrl url, int poolSize, Duration startupTimeout, Duration timeout) {
  /**
   * @throws IllegalArgumentException if {@code poolSize} or {@code timeout} is less than one
   */
  public PostgresSettings {
    if (poolSize < 1 || timeout.toSeconds() < 1) {
      throw new IllegalArgumentException("poolSize must be at least 1 and timeout at least 1 s");
    }
  }

  public static PostgresSettings of(PostgresUrl url) {
    return new PostgresSettings(url, 10, Duration.ofSeconds(30), Duration.ofSeconds(3));
  }
}
