package dev.atelier.application.port;

import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.PredictionId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** {@link Generations} in a map; every method is one critical section. */
public final class InMemoryGenerations implements Generations {
  private final Map<GenerationId, Generation> rows = new HashMap<>();
  private boolean broken;

  /** From now on every call fails, or works again. */
  public synchronized void breakDown(boolean down) {
    broken = down;
  }

  @Override
  public synchronized Insertion insert(Generation generation, int activeLimit) {
    requireWorking();
    long active =
        rows.values().stream()
            .filter(row -> row.owner().equals(generation.owner()) && row.isActive())
            .count();
    if (active >= activeLimit) {
      return Insertion.LIMIT_REACHED;
    }
    if (rows.putIfAbsent(generation.id(), generation) != null) {
      throw new IllegalArgumentException("inserted twice: " + generation.id());
    }
    return Insertion.INSERTED;
  }

  @Override
  public synchronized Optional<Generation> find(GenerationId id) {
    requireWorking();
    return Optional.ofNullable(rows.get(id));
  }

  @Override
  public synchronized Optional<Generation> findByPrediction(PredictionId id) {
    requireWorking();
    return rows.values().stream()
        .filter(row -> row.state().prediction().equals(Optional.of(id)))
        .findFirst();
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
    Generation before = rows.get(next.id());
    if (before == null || before.revision() != next.revision() - 1) {
      return Saving.CONFLICT;
    }
    if (taken) {
      return Saving.PREDICTION_TAKEN;
    }
    rows.put(next.id(), next);
    return Saving.SAVED;
  }

  private void requireWorking() {
    if (broken) {
      throw new UnavailableException("the database is down", new IllegalStateException("scripted"));
    }
  }
}
