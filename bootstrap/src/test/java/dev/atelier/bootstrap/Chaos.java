package dev.atelier.bootstrap;

import dev.atelier.bootstrap.Clients.Instance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * What happens to the machines while the clients are at it. Goes by how far they are, so that it
 * happens in the midst of their work on a fast machine and on a slow one.
 */
final class Chaos {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  private final Clients clients;
  private final Instance left;
  private final Instance right;
  private final CrashingPostgres postgres;
  private final Path incoming;

  /**
   * Wires it.
   *
   * @param blobs the folder of the blob store, which is to be made unusable
   */
  Chaos(Clients clients, Instance left, Instance right, CrashingPostgres postgres, Path blobs) {
    this.clients = clients;
    this.left = left;
    this.right = right;
    this.postgres = postgres;
    this.incoming = blobs.resolve("incoming");
  }

  /**
   * One round, while the clients go from one number of answered requests to another.
   *
   * @param refusing how long the blob store refuses
   */
  void round(int from, int to, Duration refusing) throws Exception {
    int step = (to - from) / 6;
    await(from + step);
    left.kill();
    left.startAgain();
    await(from + 2 * step);
    postgres.crash();
    await(from + 3 * step);
    right.kill();
    right.startAgain();
    await(from + 4 * step);
    refuseToStore(refusing);
    await(from + 5 * step);
    left.kill();
    right.kill();
    left.startAgain();
    right.startAgain();
  }

  private void await(int answered) {
    while (clients.answered() < answered) {
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
  }

  private void refuseToStore(Duration time) throws IOException {
    Path away = incoming.resolveSibling("away");
    Files.move(incoming, away);
    LockSupport.parkNanos(time.toNanos());
    Files.move(away, incoming);
  }
}
