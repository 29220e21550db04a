package dev.atelier.application.port;

import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.UserId;
import java.util.Optional;

/**
 * A stored generation cannot be read by this version of the service, because a newer version wrote
 * it or it is damaged. Nothing was written. The message contains no stored data.
 */
public final class UnreadableGenerationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient GenerationId id;
  private final transient Optional<UserId> owner;
  private final boolean deleted;

  /**
   * @param owner empty if unreadable as well
   * @param deleted see {@link Generation#deleted()}
   * @param cause its message contains no stored data
   */
  public UnreadableGenerationException(
      GenerationId id, Optional<UserId> owner, boolean deleted, Throwable cause) {
    super("generation " + id + " cannot be read by this version", cause);
    this.id = id;
    this.owner = owner;
    this.deleted = deleted;
  }

  public GenerationId id() {
    return id;
  }

  /** Its owner; empty if unreadable as well. */
  public Optional<UserId> owner() {
    return owner;
  }

  public boolean deleted() {
    return deleted;
  }
}
