package dev.atelier.persistence.postgres;

import dev.atelier.application.port.PublishedModels;
import dev.atelier.application.port.PublishedModelsContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class PostgresPublishedModelsIT implements PublishedModelsContract {
  private final PostgresDatabase database =
      new PostgresDatabase(PostgresServer.settings(PostgresServer.shared().newDatabase()));

  @BeforeEach
  void start() {
    database.start();
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Override
  public PublishedModels publishedModels() {
    return new PostgresPublishedModels(database);
  }
}
