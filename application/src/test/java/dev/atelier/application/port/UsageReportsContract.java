package dev.atelier.application.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.Generations.Insertion;
import dev.atelier.application.port.Generations.OwnerLimits;
import dev.atelier.application.port.Generations.Saving;
import dev.atelier.application.port.UsageReports.Entry;
import dev.atelier.application.port.UsageReports.Grouping;
import dev.atelier.domain.Billed;
import dev.atelier.domain.Failure;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Model;
import dev.atelier.domain.Observation;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.Quantity;
import dev.atelier.domain.UserId;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** The contract of {@link UsageReports} and of the budget of {@link Generations}. */
public interface UsageReportsContract {
  Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
  LocalDate DAY = LocalDate.parse("2026-11-20");
  Model SONGS = new Model("beatfusion-2.0", Model.Kind.AUDIO);

  /** The port under test; empty. */
  UsageReports usageReports();

  /** What it reports on. */
  Generations generations();

  /** A new generation of $0.05. */
  private static Generation generation(UserId owner, Model model, Instant createdAt) {
    return Generation.create(
        new GenerationId(UUID.randomUUID()),
        owner,
        dev.atelier.domain.Generations.request(model),
        dev.atelier.domain.Generations.ONE,
        createdAt);
  }

  private Generation insert(UserId owner, Model model, Instant createdAt) {
    Generation generation = generation(owner, model, createdAt);
    assertThat(generations().insert(generation, Optional.empty(), 1000))
        .isEqualTo(new Insertion.Inserted());
    return generation;
  }

  private Generation insert(UserId owner) {
    return insert(owner, dev.atelier.domain.Generations.IMAGE_MODEL, NOON);
  }

  private Generation save(Generation generation, Observation observation) {
    Generation next = generation.observe(observation, NOON.plusSeconds(9)).generation();
    assertThat(generations().save(next)).isEqualTo(Saving.SAVED);
    return next;
  }

  private List<Entry> usage(Optional<UserId> owner, Grouping by) {
    return usageReports().usage(new UsageReports.Query(owner, DAY.minusDays(1), DAY, by));
  }

  private static Entry entry(String group, long generations, String amount) {
    return new Entry(group, Optional.of("USD"), generations, new BigDecimal(amount));
  }

  private static UserId newOwner() {
    return new UserId("user-" + UUID.randomUUID());
  }

  @Test
  default void sumsByDayModelAndUser() {
    var ada = new UserId("ada");
    var grace = new UserId("grace");
    insert(ada);
    insert(ada, SONGS, NOON);
    insert(grace, SONGS, Instant.parse("2026-11-19T23:59:59.999999Z"));
    insert(grace, SONGS, Instant.parse("2026-11-18T23:59:59.999999Z"));
    insert(grace, SONGS, Instant.parse("2026-11-21T00:00:00Z"));

    assertThat(usage(Optional.empty(), Grouping.DAY))
        .containsExactly(entry("2026-11-20", 2, "0.10"), entry("2026-11-19", 1, "0.05"));
    assertThat(usage(Optional.empty(), Grouping.MODEL))
        .containsExactly(entry("beatfusion-2.0", 2, "0.10"), entry("truefusion-pro", 1, "0.05"));
    assertThat(usage(Optional.empty(), Grouping.USER))
        .containsExactly(entry("ada", 2, "0.10"), entry("grace", 1, "0.05"));
    assertThat(usage(Optional.of(ada), Grouping.USER)).containsExactly(entry("ada", 2, "0.10"));
    assertThat(usage(Optional.of(newOwner()), Grouping.DAY)).isEmpty();
  }

  @Test
  default void theReportedCostReplacesTheEstimate() {
    UserId owner = newOwner();
    PredictionId id = new PredictionId("pred_" + UUID.randomUUID());
    Generation queued = save(insert(owner), new Prediction.Queued(id));
    assertThat(queued.cost().orElseThrow().estimated()).isTrue();

    Generation canceled =
        save(
            queued,
            new Prediction.Canceled(
                id, new Billed(Optional.of(new BigDecimal("0.0125")), Quantity.UNKNOWN)));

    assertThat(canceled.cost().orElseThrow().estimated()).isFalse();
    assertThat(generations().find(canceled.id())).contains(canceled);
    assertThat(usage(Optional.of(owner), Grouping.USER))
        .containsExactly(entry(owner.value(), 1, "0.0125"));
  }

  @Test
  default void aRefusedGenerationCostsNothingAndADeletedOneKeepsItsCost() {
    UserId owner = newOwner();
    save(
        insert(owner),
        new Observation.SubmissionRefused(new Failure(Failure.Code.PROVIDER_BUSY, "429")));
    Generation queued =
        save(insert(owner), new Prediction.Queued(new PredictionId("pred_" + UUID.randomUUID())));
    Generation canceled =
        save(queued, new Prediction.Canceled(queued.state().prediction().orElseThrow()));
    Generation deleted = canceled.delete(NOON).generation();
    assertThat(generations().save(deleted)).isEqualTo(Saving.SAVED);
    generations().remove(deleted.id());

    assertThat(generations().find(deleted.id())).isEmpty();
    assertThat(usage(Optional.of(owner), Grouping.USER))
        .containsExactly(entry(owner.value(), 2, "0.05"));
  }

  @Test
  default void anUnknownCostHasNoCurrency() {
    UserId owner = newOwner();
    Generation unknown =
        Generation.create(
            new GenerationId(UUID.randomUUID()),
            owner,
            dev.atelier.domain.Generations.request(),
            Quantity.UNKNOWN,
            NOON);
    generations().insert(unknown, Optional.empty(), 10);

    assertThat(generations().find(unknown.id())).contains(unknown);
    assertThat(usage(Optional.of(owner), Grouping.USER))
        .containsExactly(new Entry(owner.value(), Optional.empty(), 1, BigDecimal.ZERO));
  }

  @Test
  default void theBudgetOfADayIsExactUnderARace() throws Exception {
    UserId owner = newOwner();
    insert(owner, dev.atelier.domain.Generations.IMAGE_MODEL, NOON.minusSeconds(86_400));
    var limits = new OwnerLimits(1000, Optional.of(new BigDecimal("0.52")));
    Callable<Insertion> call =
        () ->
            generations()
                .insert(
                    generation(owner, dev.atelier.domain.Generations.IMAGE_MODEL, NOON),
                    Optional.empty(),
                    limits);
    var insertions = new ArrayList<Insertion>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Insertion> insertion : threads.invokeAll(Collections.nCopies(40, call))) {
        insertions.add(insertion.get());
      }
    }

    assertThat(insertions).filteredOn(Insertion.Inserted.class::isInstance).hasSize(10);
    assertThat(insertions).filteredOn(Insertion.BudgetExceeded.class::isInstance).hasSize(30);
    assertThat(
            generations()
                .insert(
                    generation(
                        owner,
                        dev.atelier.domain.Generations.IMAGE_MODEL,
                        NOON.plusSeconds(86_400)),
                    Optional.empty(),
                    limits))
        .as("on the next day")
        .isEqualTo(new Insertion.Inserted());
  }

  @Test
  default void theActiveLimitIsReportedBeforeTheBudget() {
    UserId owner = newOwner();
    insert(owner);

    assertThat(
            generations()
                .insert(
                    generation(owner, SONGS, NOON),
                    Optional.empty(),
                    new OwnerLimits(1, Optional.of(BigDecimal.ZERO))))
        .isEqualTo(new Insertion.LimitReached());
  }
}
