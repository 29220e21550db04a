package dev.atelier.application.webhook;

import dev.atelier.domain.GenerationId;
import java.io.InputStream;
import java.util.Optional;

/** Handles a webhook from Skytells. */
public interface HandleWebhook {
  /**
   * Verifies, reads and settles; then stores outputs for a bounded time.
   *
   * @throws dev.atelier.application.port.UnavailableException if nothing could be persisted; the
   *     sender should retry
   */
  Result handle(Command command);

  /**
   * A webhook as received.
   *
   * @param generation from the URL, if it names one
   * @param body the raw bytes
   */
  record Command(Optional<GenerationId> generation, InputStream body, Optional<String> signature) {}

  enum Result {
    /** Applied, already known, or of no generation. */
    RECEIVED,
    BAD_SIGNATURE,
    /** Authentic, but not a prediction. */
    UNREADABLE,
    /**
     * This version of the service cannot read the generation. Nothing was written; the sender
     * should retry.
     */
    NOT_RECORDED
  }
}
