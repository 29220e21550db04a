package dev.atelier.application.port;

import dev.atelier.domain.GenerationId;

class InMemoryGenerationsTest implements GenerationsContract, ChangesContract {
  private final InMemoryGenerations generations = new InMemoryGenerations();

  @Override
  public Generations generations() {
    return generations;
  }

  @Override
  public Changes changes() {
    return generations;
  }

  @Override
  public void delete(GenerationId id) {
    generations.vanish(id);
  }
}
