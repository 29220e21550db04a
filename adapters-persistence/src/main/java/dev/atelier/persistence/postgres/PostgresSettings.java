package dev.atelier.persistence.postgres;

import java.time.Duration;

/**
 * How to reach the database.
 *
 * @param url where it is, and as whom
 * @param poolSize the most connections of this instance; those of all instances together must fit
 *     the server, twice during a deployment
 * @param patience how long a start waits for a database that is not up yet
 */
public record PostgresSettings(PostgresUrl url, int poolSize, Duration patience) {
  /**
   * @throws IllegalArgumentException when the pool would have no connection
   */
  public PostgresSettings {
    if (poolSize < 1) {
      throw new IllegalArgumentException("the pool needs at least one connection");
    }
  }
}
