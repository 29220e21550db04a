package dev.atelier.application.port;

class InMemoryPollingLeaseTest implements PollingLeaseContract {
  private final InMemoryPollingLease turns = new InMemoryPollingLease();

  @Override
  public PollingLease pollingLease() {
    return turns;
  }
}
