package dev.atelier.domain;

import java.time.Instant;
import java.util.Optional;

/** The progress of one output of a {@link State.Storing} generation. */
public sealed interface OutputStatus {
  /**
   * Not stored yet.
   *
   * @param rejectedSince when it was first rejected; the fault may be temporary
   */
  record Awaiting(Output output, Optional<Instant> rejectedSince) implements OutputStatus {
    /** Not rejected so far. */
    public Awaiting(Output output) {
      this(output, Optional.empty());
    }
  }

  /** Stored. */
  record Stored(Asset asset) implements OutputStatus {}

  /** Expired or rejected; it cannot be stored any more. */
  record Lost(Failure failure) implements OutputStatus {}
}
