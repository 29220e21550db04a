package dev.atelier.application;

import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import java.time.Duration;
import java.util.Optional;

/** Follows a generation as it moves, on whichever instance that happens. */
public interface WatchGeneration {
  /**
   * Begins to watch; no change from now on is missed.
   *
   * @throws dev.atelier.application.port.UnavailableException when the generation cannot be read
   */
  Result watch(Query query);

  /**
   * Which generation.
   *
   * @param viewer who watches
   */
  record Query(Viewer viewer, GenerationId id) {}

  /** Whether there is something to watch. */
  sealed interface Result {
    /**
     * There is.
     *
     * @param watch to be closed by whom it was given to
     */
    record Watching(Watch watch) implements Result {}

    /** There is no such generation, or none that the viewer may see. */
    record NotFound() implements Result {}
  }

  /**
   * One viewer's eye on one generation, for one thread; only {@link #close} is for any. It sees the
   * generation move forward only. Changes that come faster than they are asked for are one: it
   * shows the latest.
   */
  interface Watch extends AutoCloseable {
    /** The generation as it was seen last. */
    Generation generation();

    /**
     * Waits for the next change.
     *
     * @param atMost how long to wait
     */
    Sight next(Duration atMost);

    /**
     * Waits for the end.
     *
     * @param atMost how long to wait
     * @return the generation as it is when it has ended, when the time has run out, or when there
     *     is nothing more to be seen; empty when it is gone
     * @throws dev.atelier.application.port.UnavailableException when it cannot be told how it
     *     stands at the end of the time
     */
    Optional<Generation> end(Duration atMost);

    /** Ends the watch; whoever waits for a change stops waiting at once. */
    @Override
    void close();
  }

  /** What a watch sees. */
  sealed interface Sight {
    /** The generation has moved. */
    record Moved(Generation generation) implements Sight {}

    /** The time has run out. */
    record Unchanged() implements Sight {}

    /**
     * There is nothing more to be seen: the watch was closed, the service is stopping, or the
     * generation is gone, deleted or has become unreadable.
     */
    record Over() implements Sight {}
  }
}
