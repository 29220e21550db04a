package dev.atelier.application.sweep;

import dev.atelier.application.port.Generations.Claim;
import dev.atelier.application.port.Predictions.Entry;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.State;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The predictions that the list showed in one round. */
final class ListedPredictions {
  private final Set<PredictionId> settledPredictions;
  private final Map<GenerationId, Prediction> byGeneration = new HashMap<>();
  private final Map<PredictionId, Prediction> byId = new HashMap<>();
  private final Map<PredictionId, Entry> ended = new LinkedHashMap<>();

  /**
   * @param settledPredictions whose end was settled before
   */
  ListedPredictions(Set<PredictionId> settledPredictions) {
    this.settledPredictions = settledPredictions;
  }

  void add(Entry entry) {
    PredictionId id = entry.prediction().id();
    byId.put(id, entry.prediction());
    entry.generation().ifPresent(generation -> byGeneration.put(generation, entry.prediction()));
    if (entry.prediction().hasEnded() && !settledPredictions.contains(id)) {
      ended.put(id, entry);
    }
  }

  Optional<Prediction> of(Generation generation) {
    return generation
        .state()
        .prediction()
        .map(known -> Optional.ofNullable(byId.get(known)))
        .orElseGet(() -> Optional.ofNullable(byGeneration.get(generation.id())));
  }

  int missing(List<Claim> claims) {
    return (int) claims.stream().filter(claim -> of(claim.generation()).isEmpty()).count();
  }

  int unsettledEnds() {
    return ended.size();
  }

  /** Those whose outputs have not expired come first; each group is ordered by expiry. */
  List<Entry> ended(Instant now) {
    return ended.values().stream()
        .sorted(
            Comparator.<Entry, Boolean>comparing(entry -> !expiry(entry, now).isAfter(now))
                .thenComparing(entry -> expiry(entry, now)))
        .toList();
  }

  /** Early if the provider does not say when the prediction ended. */
  private static Instant expiry(Entry entry, Instant now) {
    Optional<Instant> completedAt =
        entry.prediction() instanceof Prediction.Succeeded succeeded
            ? succeeded.completedAt()
            : Optional.empty();
    return completedAt.or(entry::createdAt).orElse(now).plus(State.RETENTION);
  }
}
