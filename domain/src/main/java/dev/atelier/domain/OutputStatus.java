package dev.atelier.domain;

import java.time.Instant;
import java.util.Optional;

/** How far one output of a {@link State.Storing} generation has come. */
public sealed interface OutputStatus {
  /**
   * Not in our storage yet.
   *
   * @param refusedSince when it was first seen to be something that is not stored, which may be a
   *     passing fault
   */
  record Awaiting(Output output, Optional<Instant> refusedSince) implements OutputStatus {
    /** One that was never refused. */
    public Awaiting(Output output) {
      this(output, Optional.empty());
    }
  }

  /** In our storage. */
  record Stored(Asset asset) implements OutputStatus {}

  /** Gone or refused: it will never be in our storage. */
  record Lost(Failure failure) implements OutputStatus {}
}
