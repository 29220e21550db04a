package dev.atelier.application.port;

class InMemoryPublishedModelsTest implements PublishedModelsContract {
  private final InMemoryPublishedModels models = new InMemoryPublishedModels();

  @Override
  public PublishedModels publishedModels() {
    return models;
  }
}
