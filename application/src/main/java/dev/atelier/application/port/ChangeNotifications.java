package dev.atelier.application.port;

import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import java.util.List;
import java.util.Map;

/**
 * Notifies about changed generations, on all instances. Notifications are hints and may be late,
 * repeated or lost; {@link #changedSince} is authoritative.
 */
public interface ChangeNotifications {
  /**
   * Notifies the listener of every save and delete from now on, after its commit. Returns at once.
   * Call it only once.
   */
  void listen(Listener listener);

  /** Receives notifications. Its methods must return at once. */
  interface Listener {
    /** The generation was changed or removed. */
    void onChange(GenerationId id);

    /** Notifications may have been lost, because the connection was established or restored. */
    void onNotificationsMissed();
  }

  /**
   * Finds which of these generations have changed or were removed, in one query. An unreadable
   * generation does not affect the others.
   *
   * @param seen the last known revision of each; −1 if unknown
   * @return the changed ones, in no particular order
   * @throws UnavailableException if the database is unavailable
   */
  List<Change> changedSince(Map<GenerationId, Integer> seen);

  sealed interface Change {
    GenerationId id();

    /** The generation has changed; this is its saved state. */
    record Changed(Generation generation) implements Change {
      @Override
      public GenerationId id() {
        return generation.id();
      }
    }

    record Removed(GenerationId id) implements Change {}

    /** The generation has changed, but this version of the service cannot read it. */
    record Unreadable(GenerationId id) implements Change {}
  }
}
