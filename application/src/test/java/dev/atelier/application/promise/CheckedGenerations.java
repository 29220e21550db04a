package dev.atelier.application.promise;

import dev.atelier.application.port.Generations;
import dev.atelier.application.port.InMemoryGenerations;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.IdempotencyKey;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.Status;
import dev.atelier.domain.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** An in-memory database that checks the invariants at every write. */
final class CheckedGenerations implements Generations {
  private final InMemoryGenerations rows = new InMemoryGenerations();
  private final Map<GenerationId, Generation> latest = new LinkedHashMap<>();
  private final Map<GenerationId, Generation> removed = new LinkedHashMap<>();
  private final Map<OwnedKey, GenerationId> holders = new HashMap<>();
  private final Consumer<String> violations;

  private record OwnedKey(UserId owner, IdempotencyKey key) {}

  CheckedGenerations(Consumer<String> violations) {
    this.violations = violations;
  }

  void breakDown(boolean down) {
    rows.breakDown(down);
  }

  /** The last state of every generation, even during an outage. */
  Collection<Generation> all() {
    return latest.values();
  }

  /** The last state of every removed generation. */
  Map<GenerationId, Generation> removed() {
    return removed;
  }

  Optional<Generation> latest(GenerationId id) {
    return Optional.ofNullable(latest.get(id));
  }

  @Override
  public Insertion insert(Generation generation, Optional<IdempotencyKey> key, OwnerLimits limits) {
    Insertion insertion = rows.insert(generation, key, limits);
    int activeLimit = limits.active();
    if (insertion instanceof Insertion.Inserted) {
      key.ifPresent(value -> checkKey(new OwnedKey(generation.owner(), value), generation.id()));
      latest.put(generation.id(), generation);
    }
    long active = active(generation.owner());
    if (active > activeLimit
        || (insertion instanceof Insertion.LimitReached && active < activeLimit)) {
      violations.accept(active + " active generations, but " + insertion);
    }
    return insertion;
  }

  private void checkKey(OwnedKey key, GenerationId id) {
    if (Optional.ofNullable(holders.put(key, id))
        .flatMap(this::latest)
        .filter(Generation::holdsKey)
        .isPresent()) {
      violations.accept("two generations have one key: " + key);
    }
  }

  @Override
  public Optional<Generation> findByKey(UserId owner, IdempotencyKey key) {
    return rows.findByKey(owner, key);
  }

  private long active(UserId owner) {
    return latest.values().stream()
        .filter(generation -> generation.owner().equals(owner) && generation.isActive())
        .count();
  }

  @Override
  public Saving save(Generation next) {
    Saving saving = rows.save(next);
    if (saving == Saving.SAVED) {
      latest(next.id()).ifPresent(previous -> checkChange(previous, next));
      latest.put(next.id(), next);
    }
    return saving;
  }

  private void checkChange(Generation previous, Generation next) {
    Optional<PredictionId> adopted = next.state().prediction();
    boolean deletedNow =
        next.deleted() && !previous.deleted() && next.state().equals(previous.state());
    if (!previous.isActive() && !deletedNow) {
      violations.accept("changed after its end: " + previous + " then " + next);
    }
    if (next.revision() != previous.revision() + 1) {
      violations.accept("revision " + previous.revision() + " then " + next.revision());
    }
    if (previous
        .state()
        .prediction()
        .filter(known -> !adopted.equals(Optional.of(known)))
        .isPresent()) {
      violations.accept("changed its prediction: " + previous + " then " + next);
    }
    if (adopted.isPresent()
        && latest.values().stream()
            .filter(other -> !other.id().equals(next.id()))
            .anyMatch(other -> other.state().prediction().equals(adopted))) {
      violations.accept("two generations have one prediction: " + next);
    }
  }

  @Override
  public List<Generation> list(
      Optional<UserId> owner, Set<Status> statuses, Optional<Position> after, int limit) {
    return rows.list(owner, statuses, after, limit);
  }

  @Override
  public Optional<Generation> find(GenerationId id) {
    return rows.find(id);
  }

  @Override
  public Optional<Generation> findByPrediction(PredictionId id) {
    return rows.findByPrediction(id);
  }

  @Override
  public List<Claim> claim(Work work, Instant now, Duration lease, int limit) {
    return rows.claim(work, now, lease, limit);
  }

  @Override
  public int acceptedSince(Instant since) {
    return rows.acceptedSince(since);
  }

  @Override
  public void remove(GenerationId id) {
    rows.remove(id);
    Generation last = latest.remove(id);
    if (last != null) {
      removed.put(id, last);
      if (last.isActive() || !last.deleted()) {
        violations.accept("removed while active or without a deletion: " + last);
      }
    }
  }

  @Override
  public void postpone(Generation generation, Instant dueAt) {
    rows.postpone(generation, dueAt);
  }
}
