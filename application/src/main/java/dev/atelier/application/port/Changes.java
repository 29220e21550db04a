package dev.atelier.application.port;

import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import java.util.List;
import java.util.Map;

/**
 * What becomes of generations, whichever instance brings it about: told as it happens, and found by
 * asking. What is told is a hint, which may come late, twice or never; what is found is the truth.
 */
public interface Changes {
  /**
   * Tells the listener of whatever is saved or deleted from now on, once it is durable and not
   * before. Returns at once; to be called once.
   */
  void listen(Listener listener);

  /** Who is told. Its methods return at once. */
  interface Listener {
    /** The generation has moved, or is gone. */
    void changed(GenerationId id);

    /** Any generation may have changed untold: the listening begins, perhaps again. */
    void missed();
  }

  /**
   * Which of these generations have moved since they were seen, or are gone. One question, however
   * many they are. An unreadable generation does not affect the others.
   *
   * @param seen the revision at which each was seen last; −1 if it was not
   * @return those that changed, in no particular order
   * @throws UnavailableException when the store is broken
   */
  List<Change> since(Map<GenerationId, Integer> seen);

  /** What has happened to a generation since it was seen. */
  sealed interface Change {
    /** Which generation. */
    GenerationId id();

    /**
     * It has moved.
     *
     * @param now as it was last saved
     */
    record Moved(Generation now) implements Change {
      @Override
      public GenerationId id() {
        return now.id();
      }
    }

    /** There is no such generation any more. */
    record Gone(GenerationId id) implements Change {}

    /** It has moved, and this version of the service cannot read how. */
    record Unreadable(GenerationId id) implements Change {}
  }
}
