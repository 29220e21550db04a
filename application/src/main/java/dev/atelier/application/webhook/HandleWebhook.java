package dev.atelier.application.webhook;

import dev.atelier.domain.GenerationId;
import java.io.InputStream;
import java.util.Optional;

/** Handles a webhook from Skytells: the fast way to learn of a prediction's end. */
public interface HandleWebhook {
  /**
   * Verifies, reads and settles. The state in the webhook is durable when this returns. Outputs are
   * stored for a bounded time; the rest continues in the background.
   *
   * @throws dev.atelier.application.port.UnavailableException if nothing could be persisted; the
   *     sender should retry
   */
  Result handle(Command command);

  /**
   * A webhook as received.
   *
   * @param generation from the URL, if it names one
   * @param body the raw bytes, read once
   * @param signature the value of the signature header
   */
  record Command(Optional<GenerationId> generation, InputStream body, Optional<String> signature) {}

  enum Result {
    /** The webhook is authentic. It was applied, was already known, or belongs to no generation. */
    RECEIVED,
    /** The signature is missing or wrong. */
    BAD_SIGNATURE,
    /** Authentic, but not a prediction. */
    UNREADABLE,
    /**
     * Authentic, but this version of the service cannot read the generation. Nothing was written;
     * the sender should retry.
     */
    NOT_RECORDED
  }
}
