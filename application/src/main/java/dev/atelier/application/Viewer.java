package dev.atelier.application;

import dev.atelier.domain.Generation;
import dev.atelier.domain.UserId;
import java.util.Optional;

/** The generations that a caller may access. To a caller, others do not exist. */
public sealed interface Viewer {
  /** Whether the generation is accessible; a deleted one never is. */
  default boolean sees(Generation generation) {
    return !generation.deleted() && owner().map(generation.owner()::equals).orElse(true);
  }

  /** The only owner whose generations are accessible; empty if all are. */
  default Optional<UserId> owner() {
    return switch (this) {
      case Everyone _ -> Optional.empty();
      case Owner owner -> Optional.of(owner.id());
    };
  }

  /** A trusted caller with access to all generations. */
  record Everyone() implements Viewer {}

  /** A user, or a trusted caller on behalf of one. */
  record Owner(UserId id) implements Viewer {}
}
