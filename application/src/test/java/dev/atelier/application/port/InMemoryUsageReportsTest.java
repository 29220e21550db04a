package dev.atelier.application.port;

class InMemoryUsageReportsTest implements UsageReportsContract {
  private final InMemoryGenerations generations = new InMemoryGenerations();

  @Override
  public UsageReports usageReports() {
    return generations;
  }

  @Override
  public Generations generations() {
    return generations;
  }
}
