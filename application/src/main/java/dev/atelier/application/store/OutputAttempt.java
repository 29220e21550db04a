package dev.atelier.application.store;

import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Model;
import dev.atelier.domain.Output;
import dev.atelier.domain.OutputStatus;
import java.time.Duration;
import java.time.Instant;

/**
 * One attempt to store one output.
 *
 * @param attempts earlier ones since the state became storing
 */
record OutputAttempt(
    Id outputId, Model.Kind kind, OutputStatus.Awaiting awaiting, Instant expiresAt, int attempts) {
  /** An error page may be transient. About 20 seconds with the delays of the sweep. */
  private static final Duration REJECTION_TIMEOUT = Duration.ofSeconds(15);

  /** The service may have been down during that time. */
  private static final int MIN_REJECTED_ATTEMPTS = 4;

  record Id(GenerationId generation, int index) {}

  GenerationId id() {
    return outputId.generation();
  }

  int index() {
    return outputId.index();
  }

  Output output() {
    return awaiting.output();
  }

  boolean isLastRejection(Instant now) {
    boolean lasts =
        awaiting
            .rejectedSince()
            .filter(since -> !now.isBefore(since.plus(REJECTION_TIMEOUT)))
            .isPresent();
    return (lasts && attempts >= MIN_REJECTED_ATTEMPTS) || !now.isBefore(expiresAt);
  }
}
