package dev.atelier.application.webhook;

import dev.atelier.domain.GenerationId;
import java.io.InputStream;
import java.util.Optional;

/** Takes a webhook of Skytells: the fast path by which a generation comes forward. */
public interface HandleWebhook {
  /**
   * Verifies, reads and settles. What the webhook says is durable before this returns; the outputs
   * are stored within a bounded time, and what is not finished by then goes on behind it.
   *
   * @throws dev.atelier.application.port.UnavailableException when nothing durable could be
   *     written; the sender should try again
   */
  Result handle(Command command);

  /**
   * A webhook as it came.
   *
   * @param generation from the address, when it named one
   * @param body as it came over the wire; read once
   * @param signature the signature header's value
   */
  record Command(Optional<GenerationId> generation, InputStream body, Optional<String> signature) {}

  /** What became of the webhook. */
  enum Result {
    /** It is Skytells', and was applied, known already, or of nothing that is ours. */
    RECEIVED,
    /** It is not Skytells'. */
    BAD_SIGNATURE,
    /** It is Skytells' and makes no sense. */
    UNREADABLE,
    /**
     * It is Skytells', and this version of the service cannot read its generation. Nothing was
     * written; the sender should try again.
     */
    NOT_RECORDED
  }
}
