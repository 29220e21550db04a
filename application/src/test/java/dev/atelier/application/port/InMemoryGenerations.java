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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * {@link Generations} in a map, and the {@link Changes} in it; every method is one critical
 * section.
 */
public final class InMemoryGenerations implements Generations, Changes {
  /** Ids are compared as text: a UUID's own order knows of signs. */
  private static final Comparator<Position> NEWEST_FIRST =
      Comparator.comparing(Position::createdAt)
          .thenComparing(position -> position.id().toString())
          .reversed();

  private final Map<GenerationId, Row> rows = new HashMap<>();
  private final Map<Wish, GenerationId> wishes = new HashMap<>();
  private final List<Listener> listeners = new ArrayList<>();
  private boolean broken;
  private int questions;

  private record Wish(UserId owner, IdempotencyKey key) {}

  private record Row(Generation generation, Optional<Instant> dueAt, int looks) {
    static Row moved(Generation generation) {
      return new Row(generation, generation.dueAt(), 0);
    }
  }

  /** From now on every call fails, or works again. */
  public synchronized void breakDown(boolean down) {
    broken = down;
  }

  @Override
  public synchronized Insertion insert(
      Generation generation, Optional<IdempotencyKey> key, int activeLimit) {
    requireWorking();
    Optional<Wish> wish = key.map(it -> new Wish(generation.owner(), it));
    Optional<Generation> holder =
        wish.map(wishes::get).map(rows::get).map(Row::generation).filter(Generation::holdsKey);
    if (holder.isPresent()) {
      return new Insertion.KeyTaken(holder.get());
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
    return Optional.ofNullable(rows.get(id)).map(Row::generation);
  }

  @Override
  public synchronized Optional<Generation> findByPrediction(PredictionId id) {
    requireWorking();
    return generations()
        .filter(row -> row.state().prediction().equals(Optional.of(id)))
        .findFirst();
  }

  @Override
  public synchronized List<Generation> list(
      Optional<UserId> owner, Set<Status> statuses, Optional<Position> after, int limit) {
    requireWorking();
    return generations()
        .filter(row -> !row.deleted())
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
            .flatMap(this::findByPrediction)
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
    listeners.forEach(listener -> listener.changed(next.id()));
    return Saving.SAVED;
  }

  @Override
  public synchronized List<Claim> claim(Work work, Instant now, Duration lease, int limit) {
    requireWorking();
    List<Row> due =
        rows.values().stream()
            .filter(row -> row.dueAt().filter(at -> !at.isAfter(now)).isPresent())
            .filter(row -> isFor(work, row.generation()))
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
    listener.missed();
  }

  @Override
  public synchronized List<Change> since(Map<GenerationId, Integer> seen) {
    requireWorking();
    questions++;
    return seen.entrySet().stream()
        .map(entry -> Map.entry(new Change(entry.getKey(), find(entry.getKey())), entry.getValue()))
        .filter(
            entry ->
                entry.getKey().now().filter(now -> now.revision() <= entry.getValue()).isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** How often it was asked what has changed. */
  public synchronized int questions() {
    return questions;
  }

  /** Takes the generation away, as if it had never been. */
  public synchronized void vanish(GenerationId id) {
    if (rows.remove(id) != null) {
      listeners.forEach(listener -> listener.changed(id));
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
