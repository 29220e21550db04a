package dev.atelier.application.port;

class InMemoryTurnsTest implements TurnsContract {
  private final InMemoryTurns turns = new InMemoryTurns();

  @Override
  public Turns turns() {
    return turns;
  }
}
