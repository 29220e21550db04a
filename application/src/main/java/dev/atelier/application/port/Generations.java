package dev.atelier.application.port;

import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.IdempotencyKey;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.Status;
import dev.atelier.domain.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Every generation, durably. What a method has returned survives a crash of this process. All
 * methods are atomic, safe under any concurrency on any number of instances, and throw {@link
 * UnavailableException} when the store is broken. Instants keep microseconds.
 *
 * <p>A stored generation may be unreadable for this version of the service, for example because a
 * newer version wrote it during a rolling deployment. It does not affect the others: lists omit it,
 * claims skip it, and it keeps its owner's place and its key. Methods that would return it throw
 * {@link UnreadableGenerationException} and write nothing.
 */
public interface Generations {
  /**
   * Adds a generation, unless its owner has {@code activeLimit} active ones already. The count and
   * the insert are one: of any number of simultaneous calls, exactly as many succeed as there are
   * free places. So is the key: of any number of simultaneous calls with one key of one owner,
   * exactly one succeeds, and the others are told of it, whether or not there are free places.
   *
   * @param generation with an id that was never inserted
   * @param key what the owner calls this wish, if anything. It is free again when the generation
   *     that began with it does not {@linkplain Generation#holdsKey() hold} it any more.
   * @param activeLimit the most active (not ended) generations of one owner
   * @throws UnreadableGenerationException when an unreadable generation has the key
   */
  Insertion insert(Generation generation, Optional<IdempotencyKey> key, int activeLimit);

  /** What {@link #insert} did. */
  sealed interface Insertion {
    /** The generation is durable. */
    record Inserted() implements Insertion {}

    /** The owner has no free place; nothing was written. */
    record LimitReached() implements Insertion {}

    /**
     * The owner has used this key before; nothing was written.
     *
     * @param holder the generation that holds it
     */
    record KeyTaken(Generation holder) implements Insertion {}
  }

  /**
   * The generation of that id, as it was last saved.
   *
   * @throws UnreadableGenerationException when it is there and unreadable
   */
  Optional<Generation> find(GenerationId id);

  /**
   * The generation that has adopted that prediction; there is never more than one.
   *
   * @throws UnreadableGenerationException when it is there and unreadable
   */
  Optional<Generation> findByPrediction(PredictionId id);

  /**
   * The first generations behind a place in the list of all, which is ordered by the time of their
   * acceptance, newest first. A generation never changes its place, and no two share one.
   *
   * <p>What is deleted or unreadable is not in it. Fewer than {@code limit} are given only where
   * the list ends.
   *
   * @param owner whose generations; empty for everybody's
   * @param statuses how they stand; at least one
   * @param after the place; empty for the list's beginning
   * @param limit the most to give
   */
  List<Generation> list(
      Optional<UserId> owner, Set<Status> statuses, Optional<Position> after, int limit);

  /**
   * A place in the list: that of the generation with this time and id.
   *
   * @param createdAt to the microsecond; of one instant, the greater id comes first
   */
  record Position(Instant createdAt, GenerationId id) {
    /** The place of a generation. */
    public static Position of(Generation generation) {
      return new Position(generation.createdAt(), generation.id());
    }
  }

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

  /**
   * Takes generations that are due so that nobody else takes them before the lease is over. Outputs
   * that can still be saved go first, the earliest expiry first: for {@link Work#STORE} by their
   * expiry, for {@link Work#OBSERVE}, where the expiry is not known, by the due time. What has been
   * due for longer than outputs last comes after the others. Simultaneous calls, of any number of
   * instances, never take the same one; and an instance that dies with a lease is survived by it.
   * Every unfinished generation becomes due, and every deleted one: at {@link Generation#dueAt()}
   * after a move, then whenever a lease or a postponement ends.
   *
   * <p>Unreadable generations are skipped and do not count against {@code limit}. They are tried
   * again after {@link #SHORTEST_BACK_OFF}, then after as long as they have been unreadable, at
   * most {@link #LONGEST_BACK_OFF}. This back-off is durable. It applies to versions that read
   * nothing newer than the one that skipped the generation; a version that may be able to read it
   * takes it as if it had not been skipped.
   *
   * @param limit the most to take
   */
  List<Claim> claim(Work work, Instant now, Duration lease, int limit);

  /** When an unreadable generation is tried for the second time. */
  Duration SHORTEST_BACK_OFF = Duration.ofSeconds(10);

  /** The longest time between two tries of an unreadable generation. */
  Duration LONGEST_BACK_OFF = Duration.ofMinutes(5);

  /** What is to be done about a generation that is due. */
  enum Work {
    /** Its outputs are to be stored: it is storing. They expire, so this goes first. */
    STORE,
    /** Its prediction is to be looked at: it is submitting, queued, processing or canceling. */
    OBSERVE,
    /** It is to be removed: it is deleted, and has ended. */
    REMOVE
  }

  /**
   * A generation that was taken.
   *
   * @param looks how often it was taken before since its last move, from 0
   */
  record Claim(Generation generation, int looks) {}

  /** How many generations that were created since then Skytells has accepted. */
  int acceptedSince(Instant since);

  /** Forgets a generation that is deleted and has ended; does nothing to any other. */
  void remove(GenerationId id);

  /**
   * Moves the due time of a generation that was looked at in vain. Does nothing when it has moved
   * since: it is due at another time then.
   *
   * @param generation as it was looked at
   */
  void postpone(Generation generation, Instant dueAt);
}
