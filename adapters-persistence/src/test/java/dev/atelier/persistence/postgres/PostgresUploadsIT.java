package dev.atelier.persistence.postgres;

import dev.atelier.application.port.Uploads;
import dev.atelier.application.port.UploadsContract;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;

class PostgresUploadsIT implements UploadsContract {
  @AutoClose
  private final PostgresDatabase database =
      new PostgresDatabase(PostgresServer.settings(PostgresServer.shared().newDatabase()));

  @BeforeEach
  void start() {
    database.start();
  }

  @Override
  public Uploads uploads() {
    return new PostgresUploads(database);
  }
}
