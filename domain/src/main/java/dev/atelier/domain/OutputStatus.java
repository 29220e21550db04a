package dev.atelier.domain;

/** The progress of one output of a {@link State.Storing} generation. */
public sealed interface OutputStatus {
  /** Not stored yet. */
  record Awaiting(Output output) implements OutputStatus {}

  /** Stored. */
  record Stored(Asset asset) implements OutputStatus {}

  /** Expired or rejected; it cannot be stored any more. */
  record Lost(Failure failure) implements OutputStatus {}
}
