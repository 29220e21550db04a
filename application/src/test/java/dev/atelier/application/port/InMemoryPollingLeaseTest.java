package dev.atelier.application.port;

class InMemoryPollingLeaseTest implements PollingLeaseContract {
  private final InMemoryPollingLease pollingLease = new InMemoryPollingLease();

  @Override
  public PollingLease pollingLease() {
    return pollingLease;
  }
}
