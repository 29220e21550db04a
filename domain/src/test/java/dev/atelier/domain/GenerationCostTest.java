package dev.atelier.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GenerationCostTest {
  private static final Output OTHER = new Output("https://cdn.skytells.ai/outputs/b.png");

  private static Cost cost(String amount, boolean estimated) {
    return new Cost(new BigDecimal(amount), "USD", estimated);
  }

  private static Optional<Cost> costAfter(Generation generation, Observation observation) {
    return generation.observe(observation, Generations.CREATED).generation().cost();
  }

  @Test
  void isEstimatedFromPriceAndQuantity() {
    assertThat(Generations.submitting().cost()).contains(cost("0.05", true));
    assertThat(costAfter(Generations.submitting(), new Prediction.Queued(Generations.PREDICTION)))
        .contains(cost("0.05", true));
  }

  @Test
  void isWhatTheProviderReports() {
    var billed = new Billed(Optional.of(new BigDecimal("0.07")), Quantity.UNKNOWN);

    assertThat(
            costAfter(
                Generations.queued(),
                new Prediction.Succeeded(
                    Generations.PREDICTION, List.of(OTHER), Optional.empty(), billed)))
        .contains(cost("0.07", false));
    assertThat(
            costAfter(
                Generations.queued(),
                new Prediction.Failed(Generations.PREDICTION, Generations.failure(), billed)))
        .contains(cost("0.07", false));
  }

  @Test
  void isThePriceOfTheDeliveredOutputsIfTheProviderReportsNoAmount() {
    assertThat(
            costAfter(
                Generations.queued(),
                new Prediction.Succeeded(
                    Generations.PREDICTION, List.of(Generations.OUTPUT, OTHER), Optional.empty())))
        .contains(cost("0.1", false));
  }

  @Test
  void staysAnEstimateIfNothingIsReported() {
    assertThat(costAfter(Generations.queued(), new Prediction.Canceled(Generations.PREDICTION)))
        .contains(cost("0.05", true));
    assertThat(costAfter(Generations.submitting(), new Observation.GaveUp(Generations.failure())))
        .contains(cost("0.05", true));
  }

  @Test
  void aRefusedSubmissionCostsNothing() {
    assertThat(
            costAfter(
                Generations.submitting(), new Observation.SubmissionRefused(Generations.failure())))
        .contains(cost("0", false));
  }

  @Test
  void aLaterReportChangesTheCostOnly() {
    Generation succeeded = Generations.succeeded();
    var billed = new Billed(Optional.of(new BigDecimal("0.07")), Quantity.UNKNOWN);
    var report = new Observation.BillReported(Generations.PREDICTION, billed);
    Transition transition = succeeded.observe(report, Generations.CREATED.plusSeconds(60));

    assertThat(succeeded.lacksBill()).isTrue();
    assertThat(transition).isInstanceOf(Transition.Applied.class);
    Generation changed = transition.generation();
    assertThat(changed.cost()).contains(cost("0.07", false));
    assertThat(changed.state()).isEqualTo(succeeded.state());
    assertThat(changed.updatedAt()).isEqualTo(succeeded.updatedAt());
    assertThat(changed.lacksBill()).isFalse();
    for (Generation other :
        List.of(
            changed, Generations.queued(), Generations.failed(), Generations.deleted(succeeded))) {
      assertThat(other.observe(report, Generations.CREATED)).isInstanceOf(Transition.Ignored.class);
    }
    assertThat(
            succeeded.observe(
                new Observation.BillReported(new PredictionId("pred_other"), billed),
                Generations.CREATED))
        .isInstanceOf(Transition.Ignored.class);
    assertThat(
            succeeded.observe(
                new Observation.BillReported(Generations.PREDICTION, Billed.UNKNOWN),
                Generations.CREATED))
        .isInstanceOf(Transition.Ignored.class);
  }

  @Test
  void isUnknownWithoutAPrice() {
    GenerationRequest request = Generations.request();
    var unpriced =
        new GenerationRequest(
            request.model(),
            request.prompt(),
            request.options(),
            request.parameters(),
            request.input(),
            request.files(),
            Optional.empty());
    Generation generation =
        Generation.create(
            Generations.submitting().id(),
            UserId.ANONYMOUS,
            unpriced,
            Generations.ONE,
            Generations.CREATED);

    assertThat(generation.cost()).isEmpty();
    assertThat(
            costAfter(
                generation,
                new Prediction.Succeeded(Generations.PREDICTION, List.of(OTHER), Optional.empty())))
        .isEmpty();
  }
}
