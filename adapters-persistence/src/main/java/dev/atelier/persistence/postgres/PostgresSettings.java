package dev.atelier.persistence.postgres;

import java.time.Duration;

/**
 * How to reach the database, and how long to wait for it.
 *
 * @param url where it is, and as whom
 * @param poolSize the most connections of this instance; those of all instances together must fit
 *     the server, twice during a deployment
 * @param patience how long a start waits for a database that is not up yet
 * @param timeout how long anything may take that is asked of a running database, in whole seconds:
 *     to get a connection, and to answer a statement
 */
public record PostgresSettings(PostgresUrl url, int poolSize, Duration patience, Duration timeout) {
  /**
   * @throws IllegalArgumentException when the pool would have no connection, or a wait no end
   */
  public PostgresSettings {
    if (poolSize < 1 || timeout.toSeconds() < 1) {
      throw new IllegalArgumentException("needs a connection at least, and a second");
    }
  }

  /** What fits an instance of a small service: ten connections, 30 s patience, 3 s timeout. */
  public static PostgresSettings of(PostgresUrl url) {
    return new PostgresSettings(url, 10, Duration.ofSeconds(30), Duration.ofSeconds(3));
  }
}
