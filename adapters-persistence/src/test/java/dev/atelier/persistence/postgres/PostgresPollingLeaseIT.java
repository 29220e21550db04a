package dev.atelier.persistence.postgres;

import dev.atelier.application.port.PollingLease;
import dev.atelier.application.port.PollingLeaseContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

class PostgresPollingLeaseIT implements PollingLeaseContract {
  private static final PostgresDatabase DATABASE =
      new PostgresDatabase(PostgresServer.settings(PostgresServer.shared().newDatabase()));

  private final PostgresPollingLease lease = new PostgresPollingLease(DATABASE);

  @BeforeAll
  static void start() {
    DATABASE.start();
  }

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  @BeforeEach
  void resetTheLease() {
    lease.holdUntil(NOW);
  }

  @Override
  public PollingLease pollingLease() {
    return lease;
  }
}
