package dev.atelier.persistence.postgres;

import dev.atelier.application.port.PublishedModels;
import dev.atelier.application.port.PublishedModelsContract;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;

class PostgresPublishedModelsIT implements PublishedModelsContract {
  @AutoClose
  private final PostgresDatabase database =
      new PostgresDatabase(PostgresServer.settings(PostgresServer.shared().newDatabase()));

  @BeforeEach
  void start() {
    database.start();
  }

  @Override
  public PublishedModels publishedModels() {
    return new PostgresPublishedModels(database);
  }
}
