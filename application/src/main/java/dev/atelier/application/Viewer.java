package dev.atelier.application;

import dev.atelier.application.port.Generations;
import dev.atelier.application.port.UnreadableGenerationException;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.UserId;
import java.util.Optional;

/**
 * Who looks. To a viewer, a generation that is not theirs to see is one that does not exist: every
 * use case answers both alike.
 */
public sealed interface Viewer {
  /** Whether the generation is there for this viewer; what is deleted is there for nobody. */
  default boolean sees(Generation generation) {
    return !generation.deleted() && owner().filter(it -> !it.equals(generation.owner())).isEmpty();
  }

  /**
   * The generation of that id, if it is there for this viewer.
   *
   * @throws UnreadableGenerationException when it is there for this viewer and unreadable
   */
  default Optional<Generation> find(Generations generations, GenerationId id) {
    try {
      return generations.find(id).filter(this::sees);
    } catch (UnreadableGenerationException e) {
      boolean there = !e.deleted() && (owner().isEmpty() || owner().equals(e.owner()));
      if (there) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** Whose generations are all that there are for this viewer; empty when it is everybody's. */
  default Optional<UserId> owner() {
    return switch (this) {
      case Everyone _ -> Optional.empty();
      case Owner owner -> Optional.of(owner.id());
    };
  }

  /** A trusted caller, who looks at everybody's generations. */
  record Everyone() implements Viewer {}

  /** A user, or a trusted caller on their behalf. */
  record Owner(UserId id) implements Viewer {}
}
