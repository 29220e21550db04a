package dev.atelier.persistence.postgres;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * How to reach the database.
 *
 * @param url asked for at {@link PostgresDatabase#start()}, since the address of an embedded server
 *     is known only once it runs
 * @param poolSize the most connections of this instance; those of all instances together must fit
 *     the server, twice during a deployment
 * @param patience how long a start waits for a database that is not up yet
 */
public record PostgresSettings(Supplier<PostgresUrl> url, int poolSize, Duration patience) {
  /**
   * @throws IllegalArgumentException when the pool would have no connection
   */
  public PostgresSettings {
    if (poolSize < 1) {
      throw new IllegalArgumentException("the pool needs at least one connection");
    }
  }
}
