package dev.atelier.application.port;

import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.UserId;
import java.util.Optional;

/**
 * The generation is stored, but this version of the service cannot read it: a newer one has written
 * it, or it is damaged. Nothing was written. The message quotes nothing that is stored.
 */
public final class UnreadableGenerationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient GenerationId id;
  private final transient Optional<UserId> owner;
  private final boolean deleted;

  /**
   * Names the generation.
   *
   * @param owner empty when not even that can be read
   * @param deleted see {@link Generation#deleted()}
   * @param cause what cannot be read; its message quotes nothing that is stored
   */
  public UnreadableGenerationException(
      GenerationId id, Optional<UserId> owner, boolean deleted, Throwable cause) {
    super("generation " + id + " cannot be read by this version", cause);
    this.id = id;
    this.owner = owner;
    this.deleted = deleted;
  }

  /** Which generation. */
  public GenerationId id() {
    return id;
  }

  /** Who may see it; empty when that cannot be read. */
  public Optional<UserId> owner() {
    return owner;
  }

  /** Whether nobody is to see it any more. */
  public boolean deleted() {
    return deleted;
  }
}
