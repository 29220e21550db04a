package dev.atelier.application.port;

import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.PredictionId;
import java.util.Optional;

/**
 * Every generation, durably. What a method has returned survives a crash of this process. All
 * methods are atomic, safe under any concurrency on any number of instances, and throw {@link
 * UnavailableException} when the store is broken. Instants keep microseconds.
 */
public interface Generations {
  /**
   * Adds a generation, unless its owner has {@code activeLimit} active ones already. The count and
   * the insert are one: of any number of simultaneous calls, exactly as many succeed as there are
   * free places.
   *
   * @param generation with an id that was never inserted
   * @param activeLimit the most active (not ended) generations of one owner
   */
  Insertion insert(Generation generation, int activeLimit);

  /** What {@link #insert} did. */
  enum Insertion {
    /** The generation is durable. */
    INSERTED,
    /** The owner has no free place; nothing was written. */
    LIMIT_REACHED
  }

  /** The generation of that id, as it was last saved. */
  Optional<Generation> find(GenerationId id);

  /** The generation that has adopted that prediction; there is never more than one. */
  Optional<Generation> findByPrediction(PredictionId id);

  /**
   * Replaces the previous revision of the generation. An ended generation frees its owner's place
   * in the same act.
   *
   * @param next with a revision one above the one that is stored
   */
  Saving save(Generation next);

  /** What {@link #save} did. */
  enum Saving {
    /** The generation is durable. */
    SAVED,
    /**
     * Another writer saved this revision first; nothing was written. Read again and decide again.
     */
    CONFLICT,
    /** Another generation has adopted this prediction; nothing was written. */
    PREDICTION_TAKEN
  }
}
