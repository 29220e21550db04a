package dev.atelier.application.port;

import dev.atelier.domain.GenerationId;
import java.time.Duration;

/** Wakes those who wait for a generation to move. A hint, not the truth: the row is the truth. */
public interface Changes {
  /** Says that the generation was saved in a new state. */
  void announce(GenerationId id);

  /** Begins to listen; what is announced from now on is not missed. */
  Watch watch(GenerationId id);

  /** One listener's ear on one generation. */
  interface Watch extends AutoCloseable {
    /**
     * Waits for an announcement since the watch began or since the last call.
     *
     * @param atMost how long to wait
     * @return false when the time ran out, the thread was interrupted, or no more will come because
     *     the service is stopping
     */
    boolean awaitChange(Duration atMost);

    @Override
    void close();
  }
}
