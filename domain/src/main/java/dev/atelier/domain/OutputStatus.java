package dev.atelier.domain;

import java.time.Instant;
import java.util.Optional;

/** The progress of one output of a {@link State.Storing} generation. */
public sealed interface OutputStatus {
  /**
   * Not stored yet.
   *
   * @param rejectedSince when it was first rejected
   */
  record Awaiting(Output output, Optional<Instant> rejectedSince) implements OutputStatus {
    public Awaiting(Output output) {
      this(output, Optional.empty());
    }
  }

  record Stored(Asset asset) implements OutputStatus {}

  /** It can no longer be stored. */
  record Lost(Failure failure) implements OutputStatus {}
}
