package dev.atelier.application.query;

import dev.atelier.application.port.Generations;
import dev.atelier.application.port.UnreadableGenerationException;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.UserId;
import java.util.Optional;

/** The generations that a caller may access. To a caller, others do not exist. */
public sealed interface AccessScope {
  /** Whether the generation is accessible; a deleted one never is. */
  default boolean includes(Generation generation) {
    return !generation.deleted() && owner().map(generation.owner()::equals).orElse(true);
  }

  /**
   * Finds a generation within this scope.
   *
   * @throws UnreadableGenerationException if the generation is within this scope but unreadable
   */
  default Optional<Generation> find(Generations generations, GenerationId id) {
    try {
      return generations.find(id).filter(this::includes);
    } catch (UnreadableGenerationException e) {
      boolean accessible = !e.deleted() && (owner().isEmpty() || owner().equals(e.owner()));
      if (accessible) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** The only owner whose generations are accessible; empty if all are. */
  default Optional<UserId> owner() {
    return switch (this) {
      case All _ -> Optional.empty();
      case Owner owner -> Optional.of(owner.id());
    };
  }

  /** A trusted caller with access to all generations. */
  record All() implements AccessScope {}

  /** A user, or a trusted caller on behalf of one. */
  record Owner(UserId id) implements AccessScope {}
}
