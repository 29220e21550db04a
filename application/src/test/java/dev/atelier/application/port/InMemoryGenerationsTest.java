package dev.atelier.application.port;

class InMemoryGenerationsTest implements GenerationsContract {
  private final InMemoryGenerations generations = new InMemoryGenerations();

  @Override
  public Generations generations() {
    return generations;
  }
}
