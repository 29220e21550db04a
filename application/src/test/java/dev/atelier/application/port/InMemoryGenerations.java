package dev.atelier.application.port;

import dev.atelier.domain.Cost;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.IdempotencyKey;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.State;
import dev.atelier.domain.StateName;
import dev.atelier.domain.Status;
import dev.atelier.domain.UserId;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** In-memory {@link Generations} and their {@link ChangeNotifications}. */
public final class InMemoryGenerations implements Generations, ChangeNotifications, UsageReports {
  /** Compares ids as text, because UUIDs compare as signed numbers. */
  private static final Comparator<Position> NEWEST_FIRST =
      Comparator.comparing(Position::createdAt)
          .thenComparing(position -> position.id().toString())
          .reversed();

  private final Map<GenerationId, Row> rows = new HashMap<>();
  private final Map<OwnedKey, GenerationId> holders = new HashMap<>();

  /** Their last state, even if they were removed. */
  private final Map<GenerationId, Generation> charged = new HashMap<>();

  private final List<Listener> listeners = new ArrayList<>();
  private final Set<GenerationId> unreadable = new HashSet<>();
  private final Map<GenerationId, BackOff> backOffs = new HashMap<>();
  private boolean down;
  private int queries;

  private record OwnedKey(UserId owner, IdempotencyKey key) {}

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
    static Row changed(Generation generation) {
      return new Row(generation, generation.dueAt(), 0);
    }
  }

  /** Makes every call fail, or work again. */
  public synchronized void breakDown(boolean down) {
    this.down = down;
  }

  /** Makes the generation unreadable. */
  public synchronized void makeUnreadable(GenerationId id) {
    unreadable.add(id);
  }

  /** Makes the generation readable again. A back-off remains. */
  public synchronized void makeReadable(GenerationId id) {
    unreadable.remove(id);
  }

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

  /** The cost of the owner's generations on the day of this one, and of this one. */
  private BigDecimal spentWith(Generation generation) {
    return Stream.concat(
            charged.values().stream()
                .filter(other -> other.owner().equals(generation.owner()))
                .filter(other -> day(other).equals(day(generation))),
            Stream.of(generation))
        .flatMap(other -> other.cost().stream())
        .map(Cost::amount)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static LocalDate day(Generation generation) {
    return LocalDate.ofInstant(generation.createdAt(), ZoneOffset.UTC);
  }

  @Override
  public synchronized List<Entry> usage(Query query) {
    requireWorking();
    Map<List<String>, List<Generation>> groups =
        charged.values().stream()
            .filter(
                generation ->
                    query.owner().filter(owner -> !owner.equals(generation.owner())).isEmpty())
            .filter(generation -> !day(generation).isBefore(query.from()))
            .filter(generation -> !day(generation).isAfter(query.to()))
            .collect(
                Collectors.groupingBy(
                    generation ->
                        List.of(
                            group(generation, query.by()),
                            generation.cost().map(Cost::currency).orElse(""))));
    Comparator<Entry> byGroup = Comparator.comparing(Entry::group);
    return groups.entrySet().stream()
        .map(
            group ->
                new Entry(
                    group.getKey().getFirst(),
                    Optional.of(group.getKey().getLast()).filter(text -> !text.isEmpty()),
                    group.getValue().size(),
                    group.getValue().stream()
                        .flatMap(generation -> generation.cost().stream())
                        .map(Cost::amount)
                        .reduce(BigDecimal.ZERO, BigDecimal::add)))
        .sorted(
            (query.by() == Grouping.DAY ? byGroup.reversed() : byGroup)
                .thenComparing(entry -> entry.currency().orElse("")))
        .toList();
  }

  private static String group(Generation generation, Grouping by) {
    return switch (by) {
      case DAY -> day(generation).toString();
      case MODEL -> generation.request().model().slug();
      case USER -> generation.owner().value();
    };
  }

  private boolean isUnreadable(Generation generation) {
    return unreadable.contains(generation.id());
  }

  @Override
  public synchronized Insertion insert(
      Generation generation, Optional<IdempotencyKey> key, OwnerLimits limits) {
    requireWorking();
    Optional<OwnedKey> ownedKey = key.map(value -> new OwnedKey(generation.owner(), value));
    Optional<Generation> holder =
        ownedKey
            .map(holders::get)
            .map(rows::get)
            .map(Row::generation)
            .filter(found -> isUnreadable(found) || found.holdsKey());
    if (holder.isPresent()) {
      return new Insertion.KeyTaken(read(holder.get()));
    }
    long active =
        generations()
            .filter(row -> row.owner().equals(generation.owner()) && row.isActive())
            .count();
    if (active >= limits.active()) {
      return new Insertion.LimitReached();
    }
    if (limits
        .dailyBudget()
        .filter(budget -> spentWith(generation).compareTo(budget) > 0)
        .isPresent()) {
      return new Insertion.BudgetExceeded();
    }
    if (rows.putIfAbsent(generation.id(), Row.changed(generation)) != null) {
      throw new IllegalArgumentException("id inserted twice: " + generation.id());
    }
    charged.put(generation.id(), generation);
    ownedKey.ifPresent(value -> holders.put(value, generation.id()));
    return new Insertion.Inserted();
  }

  @Override
  public synchronized Optional<Generation> find(GenerationId id) {
    requireWorking();
    return Optional.ofNullable(rows.get(id)).map(Row::generation).map(this::read);
  }

  @Override
  public synchronized Optional<Generation> findByKey(UserId owner, IdempotencyKey key) {
    requireWorking();
    return Optional.ofNullable(holders.get(new OwnedKey(owner, key)))
        .map(rows::get)
        .map(Row::generation)
        .filter(found -> isUnreadable(found) || found.holdsKey())
        .map(this::read);
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
    Row stored = rows.get(next.id());
    if (stored == null || stored.generation().revision() != next.revision() - 1) {
      return Saving.CONFLICT;
    }
    if (taken) {
      return Saving.PREDICTION_TAKEN;
    }
    rows.put(next.id(), Row.changed(next));
    charged.put(next.id(), next);
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
            .sorted(claimOrder(work, now))
            .limit(limit)
            .toList();
    due.forEach(
        row ->
            rows.put(
                row.generation().id(),
                new Row(row.generation(), Optional.of(now.plus(lease)), row.looks() + 1)));
    return due.stream().map(row -> new Claim(row.generation(), row.looks())).toList();
  }

  /** Starts a back-off if it is unreadable. */
  private boolean isReadable(Generation generation, Instant now) {
    Optional<BackOff> last = Optional.ofNullable(backOffs.get(generation.id()));
    if (last.filter(backOff -> backOff.until().isAfter(now)).isPresent()) {
      return false;
    }
    if (isUnreadable(generation)) {
      backOffs.put(generation.id(), BackOff.next(last, now));
      return false;
    }
    return true;
  }

  private static Comparator<Row> claimOrder(Work work, Instant now) {
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
    listener.onNotificationsMissed();
  }

  @Override
  public synchronized List<Change> changedSince(Map<GenerationId, Integer> seen) {
    requireWorking();
    queries++;
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

  /** The number of calls of {@link #changedSince}. */
  public synchronized int queries() {
    return queries;
  }

  /** Deletes the row, in any state. */
  public synchronized void vanish(GenerationId id) {
    if (rows.remove(id) != null) {
      listeners.forEach(listener -> listener.onChange(id));
    }
  }

  private Stream<Generation> generations() {
    return rows.values().stream().map(Row::generation);
  }

  private void requireWorking() {
    if (down) {
      throw new UnavailableException("the database is down", new IllegalStateException("scripted"));
    }
  }
}
