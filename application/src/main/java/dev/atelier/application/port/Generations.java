package dev.atelier.application.port;

import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.IdempotencyKey;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.Status;
import dev.atelier.domain.UserId;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Durable storage of generations. All methods are atomic, durable when they return, safe under
 * concurrency on any number of instances, and throw {@link UnavailableException} if the database is
 * unavailable. Instants have microseconds.
 *
 * <p>A stored generation may be unreadable for this version of the service, for example because a
 * newer version wrote it during a rolling deployment. It does not affect others: lists omit it,
 * claims skip it, and it still counts towards its owner's quota and holds its key. Methods that
 * would return it throw {@link UnreadableGenerationException} and write nothing.
 */
public interface Generations {
  /**
   * Adds a generation unless its owner has reached a limit or has used the key before. All checks
   * are atomic with the insert. A used key is reported even at a limit.
   *
   * @param key unique per owner; freed when its generation no longer {@linkplain
   *     Generation#holdsKey() holds} it
   * @throws UnreadableGenerationException if an unreadable generation has the key
   */
  Insertion insert(Generation generation, Optional<IdempotencyKey> key, OwnerLimits limits);

  /** Adds a generation without a budget. */
  default Insertion insert(Generation generation, Optional<IdempotencyKey> key, int activeLimit) {
    return insert(generation, key, new OwnerLimits(activeLimit, Optional.empty()));
  }

  /**
   * The limits of every owner.
   *
   * @param active the number of active generations
   * @param dailyBudget the cost of all generations that were created on one UTC day, in whatever
   *     currency; estimates count, and unknown costs count as zero
   */
  record OwnerLimits(int active, Optional<BigDecimal> dailyBudget) {}

  sealed interface Insertion {
    record Inserted() implements Insertion {}

    /** The owner has reached the limit of active generations; nothing was written. */
    record LimitReached() implements Insertion {}

    /** The generation would exceed the owner's budget of its day; nothing was written. */
    record BudgetExceeded() implements Insertion {}

    /** The owner has used this key for {@code holder}; nothing was written. */
    record KeyTaken(Generation holder) implements Insertion {}
  }

  /**
   * Finds a generation.
   *
   * @throws UnreadableGenerationException if it exists but is unreadable
   */
  Optional<Generation> find(GenerationId id);

  /**
   * Finds the generation that holds an owner's key.
   *
   * @throws UnreadableGenerationException if it exists but is unreadable
   */
  Optional<Generation> findByKey(UserId owner, IdempotencyKey key);

  /**
   * Finds the generation that has adopted a prediction; there is at most one.
   *
   * @throws UnreadableGenerationException if it exists but is unreadable
   */
  Optional<Generation> findByPrediction(PredictionId id);

  /**
   * Lists generations by creation time, newest first. Positions are unique and never change. Omits
   * deleted and unreadable generations. Returns fewer than {@code limit} only at the end of the
   * list.
   *
   * @param owner empty for all owners
   * @param statuses at least one
   * @param after empty for the start of the list
   */
  List<Generation> list(
      Optional<UserId> owner, Set<Status> statuses, Optional<Position> after, int limit);

  /**
   * A position in the list.
   *
   * @param createdAt in microseconds; equal times are ordered by descending id
   */
  record Position(Instant createdAt, GenerationId id) {
    public static Position of(Generation generation) {
      return new Position(generation.createdAt(), generation.id());
    }
  }

  /**
   * Replaces the previous revision. An ended generation no longer counts towards the quota.
   *
   * @param next its revision is one above the stored one
   */
  Saving save(Generation next);

  enum Saving {
    SAVED,
    /** Another writer saved this revision first; nothing was written. Load and decide again. */
    CONFLICT,
    /** Another generation has adopted this prediction; nothing was written. */
    PREDICTION_TAKEN
  }

  /**
   * Leases due generations: no other call, on any instance, claims them until the lease ends. If
   * the instance dies, they are due again after the lease. Every unfinished generation becomes due,
   * and every deleted one: at {@link Generation#dueAt()} after a change, then at the end of each
   * lease or postponement.
   *
   * <p>Generations whose outputs may still exist come first. {@link Work#STORE} orders them by
   * expiry; {@link Work#OBSERVE} orders them by due time, because their expiry is unknown.
   * Generations that have been due for longer than {@link dev.atelier.domain.State#RETENTION} come
   * last.
   *
   * <p>Unreadable generations are skipped and do not count towards {@code limit}. The delay before
   * each retry equals the time for which the row has been unreadable, but is at least {@link
   * #SHORTEST_BACK_OFF} and at most {@link #LONGEST_BACK_OFF}. The back-off is durable. It applies
   * to the version that could not read the row and to older versions; a newer version may claim the
   * row at once.
   */
  List<Claim> claim(Work work, Instant now, Duration lease, int limit);

  Duration SHORTEST_BACK_OFF = Duration.ofSeconds(10);

  Duration LONGEST_BACK_OFF = Duration.ofMinutes(5);

  enum Work {
    /** Store outputs: the state is storing. Claimed first, because outputs expire. */
    STORE,
    /** Observe the prediction: the state is submitting, queued, processing or canceling. */
    OBSERVE,
    /** Remove: the generation is deleted and has ended. */
    REMOVE
  }

  /**
   * A leased generation.
   *
   * @param attempts earlier claims since its last change, from 0
   */
  record Claim(Generation generation, int attempts) {}

  /** The number of generations that were created after that time and that Skytells has accepted. */
  int acceptedSince(Instant since);

  /** Removes a generation that is deleted and has ended; ignores any other. */
  void remove(GenerationId id);

  /**
   * Sets the due time. Ignored if the generation has changed, because the change has set another.
   *
   * @param generation as it was claimed
   */
  void postpone(Generation generation, Instant dueAt);
}
