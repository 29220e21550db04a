package dev.atelier.application;

/** Reads the row; the row is the truth. */
public final class GetStatusService implements GetStatus {
  private final AwaitEnd awaitEnd;

  /** Wires the use case. */
  public GetStatusService(AwaitEnd awaitEnd) {
    this.awaitEnd = awaitEnd;
  }

  @Override
  public Result get(Query query) {
    return awaitEnd
        .await(query.id(), query.waitAtMost())
        .<Result>map(Result.Found::new)
        .orElseGet(Result.NotFound::new);
  }
}
