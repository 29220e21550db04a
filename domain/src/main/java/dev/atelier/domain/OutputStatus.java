package dev.atelier.domain;

/** How far one output of a {@link State.Storing} generation has come. */
public sealed interface OutputStatus {
  /** Not in our storage yet. */
  record Awaiting(Output output) implements OutputStatus {}

  /** In our storage. */
  record Stored(Asset asset) implements OutputStatus {}

  /** Gone or refused: it will never be in our storage. */
  record Lost(Failure failure) implements OutputStatus {}
}
