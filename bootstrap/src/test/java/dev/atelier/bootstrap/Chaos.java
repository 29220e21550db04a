package dev.atelier.bootstrap;

import dev.atelier.bootstrap.Clients.Instance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Kills instances, crashes the database and blocks the blob store while clients send requests.
 * Paced by the number of completed requests, so that the faults hit a fast and a slow machine
 * alike.
 */
final class Chaos {
  private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

  private final Clients clients;
  private final Instance left;
  private final Instance right;
  private final CrashingPostgres postgres;
  private final Path incoming;

  /**
   * @param blobs the directory of the blob store
   */
  Chaos(Clients clients, Instance left, Instance right, CrashingPostgres postgres, Path blobs) {
    this.clients = clients;
    this.left = left;
    this.right = right;
    this.postgres = postgres;
    this.incoming = blobs.resolve("incoming");
  }

  /**
   * Runs one round of faults while the clients complete the requests {@code from} to {@code to}.
   */
  void round(int from, int to, Duration storageOutage) throws Exception {
    int step = (to - from) / 6;
    await(from + step);
    left.kill();
    left.restart();
    await(from + 2 * step);
    postgres.crash();
    await(from + 3 * step);
    right.kill();
    right.restart();
    await(from + 4 * step);
    interruptStorage(storageOutage);
    await(from + 5 * step);
    left.kill();
    right.kill();
    left.restart();
    right.restart();
  }

  private void await(int completed) {
    while (clients.completed() < completed) {
      LockSupport.parkNanos(POLL_INTERVAL.toNanos());
    }
  }

  private void interruptStorage(Duration time) throws IOException {
    Path moved = incoming.resolveSibling("moved");
    Files.move(incoming, moved);
    LockSupport.parkNanos(time.toNanos());
    Files.move(moved, incoming);
  }
}
