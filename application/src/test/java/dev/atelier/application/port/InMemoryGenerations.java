package dev.atelier.application.port;

import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.IdempotencyKey;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.State;
import dev.atelier.domain.StateName;
import dev.atelier.domain.Status;
import dev.atelier.domain.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * {@link Generations} in a map, and the {@link ChangeNotifications} in it; every method is one
 * critical section.
 */
public final class InMemoryGenerations implements Generations, ChangeNotifications {
  /** Ids are compared as text: a UUID's own order knows of signs. */
  private static final Comparator<Position> NEWEST_FIRST =
      Comparator.comparing(Position::createdAt)
          .thenComparing(position -> position.id().toString())
          .reversed();

  private final Map<GenerationId, Row> rows = new HashMap<>();
  private final Map<Wish, GenerationId> wishes = new HashMap<>();
  private final List<Listener> listeners = new ArrayList<>();
  private final Set<GenerationId> unreadable = new HashSet<>();
  private final Map<GenerationId, BackOff> backOffs = new HashMap<>();
  private boolean broken;
  private int questions;

  private record Wish(UserId owner, IdempotencyKey key) {}

  private record BackOff(Instant since, Instant until) {
    static BackOff next(Optional<BackOff> last, Instant now) {
      Instant since = last.map(BackOff::since).orElse(now);
      Duration pause = Duration.between(since, now);
      if (pause.compareTo(SHORTEST_BACK_OFF) < 0) {
        pause = SHORTEST_BACK_OFF;
      } else if (pause.compareTo(LONGEST_BACK_OFF) > 0) {
        pause = LONGEST_BACK_OFF;
      }
      return new BackOff(since, now.plus(pause));
    }
  }

  private record Row(Generation generation, Optional<Instant> dueAt, int looks) {
    static Row moved(Generation generation) {
      return new Row(generation, generation.dueAt(), 0);
    }
  }

  /** From now on every call fails, or works again. */
  public synchronized void breakDown(boolean down) {
    broken = down;
  }

  /** From now on the generation cannot be read. */
  public synchronized void makeUnreadable(GenerationId id) {
    unreadable.add(id);
  }

  /** From now on the generation can be read again. What a claim has put off stays put off. */
  public synchronized void makeReadable(GenerationId id) {
    unreadable.remove(id);
  }

  /**
   * @throws UnreadableGenerationException when it cannot be read
   */
  private Generation read(Generation generation) {
    if (isUnreadable(generation)) {
      throw new UnreadableGenerationException(
          generation.id(),
          Optional.of(generation.owner()),
          generation.deleted(),
          new IllegalArgumentException("scripted"));
    }
    return generation;
  }

  private boolean isUnreadable(Generation generation) {
    return unreadable.contains(generation.id());
  }

  @Override
  public synchronized Insertion insert(
      Generation generation, Optional<IdempotencyKey> key, int activeLimit) {
    requireWorking();
    Optional<Wish> wish = key.map(it -> new Wish(generation.owner(), it));
    Optional<Generation> holder =
        wish.map(wishes::get)
            .map(rows::get)
            .map(Row::generation)
            .filter(it -> isUnreadable(it) || it.holdsKey());
    if (holder.isPresent()) {
      return new Insertion.KeyTaken(read(holder.get()));
    }
    long active =
        generations()
            .filter(row -> row.owner().equals(generation.owner()) && row.isActive())
            .count();
    if (active >= activeLimit) {
      return new Insertion.LimitReached();
    }
    if (rows.putIfAbsent(generation.id(), Row.moved(generation)) != null) {
      throw new IllegalArgumentException("inserted twice: " + generation.id());
    }
    wish.ifPresent(it -> wishes.put(it, generation.id()));
    return new Insertion.Inserted();
  }

  @Override
  public synchronized Optional<Generation> find(GenerationId id) {
    requireWorking();
    return Optional.ofNullable(rows.get(id)).map(Row::generation).map(this::read);
  }

  @Override
  public synchronized Optional<Generation> findByPrediction(PredictionId id) {
    requireWorking();
    return adopter(id).map(this::read);
  }

  private Optional<Generation> adopter(PredictionId id) {
    return generations()
        .filter(row -> row.state().prediction().equals(Optional.of(id)))
        .findFirst();
  }

  @Override
  public synchronized List<Generation> list(
      Optional<UserId> owner, Set<Status> statuses, Optional<Position> after, int limit) {
    requireWorking();
    return generations()
        .filter(row -> !row.deleted() && !isUnreadable(row))
        .filter(row -> owner.isEmpty() || owner.get().equals(row.owner()))
        .filter(row -> statuses.contains(StateName.of(row.state()).status()))
        .filter(row -> after.isEmpty() || NEWEST_FIRST.compare(after.get(), Position.of(row)) < 0)
        .sorted(Comparator.comparing(Position::of, NEWEST_FIRST))
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized Saving save(Generation next) {
    requireWorking();
    boolean taken =
        next.state()
            .prediction()
            .flatMap(this::adopter)
            .filter(row -> !row.id().equals(next.id()))
            .isPresent();
    Row before = rows.get(next.id());
    if (before == null || before.generation().revision() != next.revision() - 1) {
      return Saving.CONFLICT;
    }
    if (taken) {
      return Saving.PREDICTION_TAKEN;
    }
    rows.put(next.id(), Row.moved(next));
    backOffs.remove(next.id());
    listeners.forEach(listener -> listener.onChange(next.id()));
    return Saving.SAVED;
  }

  @Override
  public synchronized List<Claim> claim(Work work, Instant now, Duration lease, int limit) {
    requireWorking();
    List<Row> due =
        rows.values().stream()
            .filter(row -> row.dueAt().filter(at -> !at.isAfter(now)).isPresent())
            .filter(row -> isFor(work, row.generation()))
            .filter(row -> isReadable(row.generation(), now))
            .sorted(firstToSave(work, now))
            .limit(limit)
            .toList();
    due.forEach(
        row ->
            rows.put(
                row.generation().id(),
                new Row(row.generation(), Optional.of(now.plus(lease)), row.looks() + 1)));
    return due.stream().map(row -> new Claim(row.generation(), row.looks())).toList();
  }

  /** Puts off what is not. */
  private boolean isReadable(Generation generation, Instant now) {
    Optional<BackOff> last = Optional.ofNullable(backOffs.get(generation.id()));
    if (last.filter(it -> it.until().isAfter(now)).isPresent()) {
      return false;
    }
    if (isUnreadable(generation)) {
      backOffs.put(generation.id(), BackOff.next(last, now));
      return false;
    }
    return true;
  }

  private static Comparator<Row> firstToSave(Work work, Instant now) {
    Comparator<Row> byDueTime = Comparator.comparing(row -> row.dueAt().orElseThrow());
    return switch (work) {
      case STORE ->
          Comparator.<Row, Boolean>comparing(row -> !expiry(row).isAfter(now))
              .thenComparing(InMemoryGenerations::expiry)
              .thenComparing(byDueTime);
      case OBSERVE ->
          Comparator.<Row, Boolean>comparing(
                  row -> !row.dueAt().orElseThrow().isAfter(now.minus(State.RETENTION)))
              .thenComparing(byDueTime);
      case REMOVE -> byDueTime;
    };
  }

  private static Instant expiry(Row row) {
    return ((State.Storing) row.generation().state()).expiresAt();
  }

  @Override
  public synchronized int acceptedSince(Instant since) {
    requireWorking();
    return (int)
        generations()
            .filter(row -> row.createdAt().isAfter(since))
            .filter(row -> row.state().prediction().isPresent())
            .count();
  }

  private static boolean isFor(Work work, Generation generation) {
    boolean storing = generation.state() instanceof State.Storing;
    return switch (work) {
      case STORE -> storing;
      case OBSERVE -> generation.isActive() && !storing;
      case REMOVE -> generation.deleted() && !generation.isActive();
    };
  }

  @Override
  public synchronized void remove(GenerationId id) {
    requireWorking();
    rows.computeIfPresent(id, (_, row) -> isFor(Work.REMOVE, row.generation()) ? null : row);
  }

  @Override
  public synchronized void postpone(Generation generation, Instant dueAt) {
    requireWorking();
    Row row = rows.get(generation.id());
    if (row != null
        && row.dueAt().isPresent()
        && row.generation().revision() == generation.revision()) {
      rows.put(generation.id(), new Row(row.generation(), Optional.of(dueAt), row.looks()));
    }
  }

  @Override
  public synchronized void listen(Listener listener) {
    listeners.add(listener);
    listener.onGap();
  }

  @Override
  public synchronized List<Change> changedSince(Map<GenerationId, Integer> seen) {
    requireWorking();
    questions++;
    return seen.entrySet().stream()
        .flatMap(entry -> change(entry.getKey(), entry.getValue()).stream())
        .toList();
  }

  private Optional<Change> change(GenerationId id, int revision) {
    Row row = rows.get(id);
    if (row == null) {
      return Optional.of(new Change.Removed(id));
    }
    Generation now = row.generation();
    if (now.revision() <= revision) {
      return Optional.empty();
    }
    return Optional.of(isUnreadable(now) ? new Change.Unreadable(id) : new Change.Changed(now));
  }

  /** How often it was asked what has changed. */
  public synchronized int questions() {
    return questions;
  }

  /** Takes the generation away, as if it had never been. */
  public synchronized void vanish(GenerationId id) {
    if (rows.remove(id) != null) {
      listeners.forEach(listener -> listener.onChange(id));
    }
  }

  private Stream<Generation> generations() {
    return rows.values().stream().map(Row::generation);
  }

  private void requireWorking() {
    if (broken) {
      throw new UnavailableException("the database is down", new IllegalStateException("scripted"));
    }
  }
}
