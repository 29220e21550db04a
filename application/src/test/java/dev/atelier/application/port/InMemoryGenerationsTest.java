package dev.atelier.application.port;

import dev.atelier.domain.GenerationId;

class InMemoryGenerationsTest implements GenerationsContract, ChangeNotificationsContract {
  private final InMemoryGenerations generations = new InMemoryGenerations();

  @Override
  public Generations generations() {
    return generations;
  }

  @Override
  public ChangeNotifications changeNotifications() {
    return generations;
  }

  @Override
  public void delete(GenerationId id) {
    generations.vanish(id);
  }

  @Override
  public void makeUnreadable(GenerationId id) {
    generations.makeUnreadable(id);
  }

  @Override
  public void makeReadable(GenerationId id) {
    generations.makeReadable(id);
  }
}
