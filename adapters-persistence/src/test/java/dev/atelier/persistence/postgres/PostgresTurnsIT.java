package dev.atelier.persistence.postgres;

import dev.atelier.application.port.Turns;
import dev.atelier.application.port.TurnsContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

class PostgresTurnsIT implements TurnsContract {
  private static final PostgresDatabase DATABASE =
      new PostgresDatabase(PostgresServer.settings(PostgresServer.shared().newDatabase()));

  private final PostgresTurns turns = new PostgresTurns(DATABASE);

  @BeforeAll
  static void start() {
    DATABASE.start();
  }

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  @BeforeEach
  void freeTheTurn() {
    turns.keep(NOW);
  }

  @Override
  public Turns turns() {
    return turns;
  }
}
