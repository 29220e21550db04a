package dev.atelier.domain;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.domain.Transition.Applied;
import dev.atelier.domain.Transition.Ignored;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GenerationTest {
  private static final Instant NOW = Generations.CREATED.plusSeconds(6);
  private static final PredictionId OTHER = new PredictionId("pred_other");

  /** A row per observation, a column per state: where it leads, or why it is ignored. */
  private static final String TABLE =
      """
      observation        | submitting | queued             | processing         | canceling          | storing            | succeeded | failed | canceled
      queued             | Queued     | REPEATED           | STALE              | REPEATED           | STALE              | ENDED     | ENDED  | ENDED
      processing         | Processing | Processing         | REPEATED           | REPEATED           | STALE              | ENDED     | ENDED  | ENDED
      succeeded          | Storing    | Storing            | Storing            | Storing            | REPEATED           | ENDED     | ENDED  | ENDED
      succeeded, nothing | Failed     | Failed             | Failed             | Failed             | REPEATED           | ENDED     | ENDED  | ENDED
      unreadable         | Processing | Processing         | Processing         | Processing             | REPEATED           | ENDED     | ENDED  | ENDED
      failed             | Failed     | Failed             | Failed             | Failed             | STALE              | ENDED     | ENDED  | ENDED
      canceled           | Canceled   | Canceled           | Canceled           | Canceled           | STALE              | ENDED     | ENDED  | ENDED
      other queued       | Queued     | ANOTHER_PREDICTION | ANOTHER_PREDICTION | ANOTHER_PREDICTION | ANOTHER_PREDICTION | ENDED     | ENDED  | ENDED
      other processing   | Processing | ANOTHER_PREDICTION | ANOTHER_PREDICTION | ANOTHER_PREDICTION | ANOTHER_PREDICTION | ENDED     | ENDED  | ENDED
      other succeeded    | Storing    | ANOTHER_PREDICTION | ANOTHER_PREDICTION | ANOTHER_PREDICTION | ANOTHER_PREDICTION | ENDED     | ENDED  | ENDED
      other unreadable   | Processing | ANOTHER_PREDICTION | ANOTHER_PREDICTION | ANOTHER_PREDICTION | ANOTHER_PREDICTION | ENDED     | ENDED  | ENDED
      other failed       | Failed     | ANOTHER_PREDICTION | ANOTHER_PREDICTION | ANOTHER_PREDICTION | ANOTHER_PREDICTION | ENDED     | ENDED  | ENDED
      other canceled     | Canceled   | ANOTHER_PREDICTION | ANOTHER_PREDICTION | ANOTHER_PREDICTION | ANOTHER_PREDICTION | ENDED     | ENDED  | ENDED
      submission refused | Failed     | STALE              | STALE              | STALE              | STALE              | ENDED     | ENDED  | ENDED
      gave up            | Failed     | Failed             | Failed             | Failed             | STALE              | ENDED     | ENDED  | ENDED
      cancel requested   | Canceling  | Canceling          | Canceling          | REPEATED           | STALE              | ENDED     | ENDED  | ENDED
      bill reported      | REPEATED   | REPEATED           | REPEATED           | REPEATED           | Storing            | Succeeded | REPEATED | REPEATED
      output stored      | STALE      | STALE              | STALE              | STALE              | Succeeded          | ENDED     | ENDED  | ENDED
      output rejected    | STALE      | STALE              | STALE              | STALE              | Storing            | ENDED     | ENDED  | ENDED
      output lost        | STALE      | STALE              | STALE              | STALE              | Failed             | ENDED     | ENDED  | ENDED
      """;

  private static Map<String, Observation> observations() {
    var observations = new LinkedHashMap<String, Observation>();
    observations.putAll(predictions("", Generations.PREDICTION));
    observations.put(
        "succeeded, nothing",
        new Prediction.Succeeded(Generations.PREDICTION, List.of(), Optional.empty()));
    observations.putAll(predictions("other ", OTHER));
    observations.put(
        "submission refused", new Observation.SubmissionRefused(Generations.failure()));
    observations.put("gave up", new Observation.GaveUp(Generations.failure()));
    observations.put("cancel requested", new Observation.CancelRequested());
    observations.put(
        "bill reported",
        new Observation.BillReported(
            Generations.PREDICTION, new Billed(Optional.of(BigDecimal.ONE), Quantity.UNKNOWN)));
    observations.put("output stored", stored(0));
    observations.put("output rejected", new Observation.OutputRejected(0));
    observations.put("output lost", lost(0, Failure.Code.OUTPUT_EXPIRED));
    return observations;
  }

  private static Map<String, Observation> predictions(String prefix, PredictionId id) {
    return Map.of(
        prefix + "queued", new Prediction.Queued(id),
        prefix + "processing", new Prediction.Processing(id),
        prefix + "succeeded",
            new Prediction.Succeeded(id, List.of(Generations.OUTPUT), Optional.empty()),
        prefix + "unreadable", new Prediction.Unreadable(id, "{pages: 3}"),
        prefix + "failed", new Prediction.Failed(id, Generations.failure()),
        prefix + "canceled", new Prediction.Canceled(id));
  }

  private static Map<String, Generation> states() {
    return Map.of(
        "submitting", Generations.submitting(),
        "queued", Generations.queued(),
        "processing", Generations.processing(),
        "canceling", Generations.canceling(),
        "storing", Generations.storing(),
        "succeeded", Generations.succeeded(),
        "failed", Generations.failed(),
        "canceled", Generations.canceled());
  }

  static Stream<Arguments> everyPair() {
    List<List<String>> rows =
        TABLE
            .lines()
            .map(line -> Stream.of(line.split("\\|", -1)).map(String::strip).toList())
            .toList();
    List<String> header = rows.getFirst();
    return rows.stream()
        .skip(1)
        .flatMap(
            row ->
                Stream.iterate(1, i -> i < row.size(), i -> i + 1)
                    .map(i -> Arguments.of(header.get(i), row.getFirst(), row.get(i))));
  }

  @ParameterizedTest(name = "{0} + {1} → {2}")
  @MethodSource("everyPair")
  void observationsChangeTheStateAsTheTableSays(String state, String observation, String expected) {
    Generation generation = requireNonNull(states().get(state));
    Observation seen = requireNonNull(observations().get(observation));

    String outcome =
        switch (generation.observe(seen, NOW)) {
          case Applied(Generation next) -> next.state().getClass().getSimpleName();
          case Ignored(Generation _, Transition.Reason reason) -> reason.name();
        };

    assertThat(outcome).isEqualTo(expected);
  }

  @Test
  void theTableCoversEveryStateAndObservation() {
    List<Arguments> pairs = everyPair().toList();

    assertThat(pairs).extracting(pair -> pair.get()[0]).hasSameElementsAs(states().keySet());
    assertThat(pairs).extracting(pair -> pair.get()[1]).hasSameElementsAs(observations().keySet());
    assertThat(pairs).hasSize(states().size() * observations().size());
    assertThat(states().values())
        .extracting(generation -> (Object) generation.state().getClass())
        .containsExactlyInAnyOrder((Object[]) State.class.getPermittedSubclasses());
    assertThat(observations().values())
        .extracting(observation -> (Object) observation.getClass())
        .containsAll(
            Stream.concat(
                    Stream.of(Observation.class.getPermittedSubclasses())
                        .filter(type -> type != Prediction.class),
                    Stream.of(Prediction.class.getPermittedSubclasses()))
                .toList());
  }

  @Test
  void aTransitionIncrementsTheRevisionAndSetsTheTime() {
    Generation queued = Generations.queued();

    Generation next = applied(queued, new Prediction.Processing(Generations.PREDICTION));

    assertThat(next.revision()).isEqualTo(queued.revision() + 1);
    assertThat(next.updatedAt()).isEqualTo(NOW);
    assertThat(next.createdAt()).isEqualTo(queued.createdAt());
  }

  @Test
  void onlyActiveGenerationsAreDue() {
    assertThat(states().values())
        .allSatisfy(
            generation ->
                assertThat(generation.dueAt().isPresent()).isEqualTo(generation.isActive()))
        .allSatisfy(
            generation ->
                assertThat(generation.dueAt().orElse(generation.updatedAt()))
                    .isBetween(generation.updatedAt(), generation.updatedAt().plusSeconds(15)));
  }

  @Test
  void anIgnoredObservationChangesNothing() {
    Generation succeeded = Generations.succeeded();

    Transition transition =
        succeeded.observe(
            new Prediction.Failed(Generations.PREDICTION, Generations.failure()), NOW);

    assertThat(transition.generation()).isSameAs(succeeded);
  }

  private static final Prediction.Unreadable UNREADABLE =
      new Prediction.Unreadable(Generations.PREDICTION, "{pages: number}");

  @Test
  void anUnreadableOutputFailsAfterThirtySecondsOfRetries() {
    Generation first = applied(Generations.processing(), UNREADABLE);

    assertThat(first.dueAt()).contains(NOW.plusSeconds(10));
    assertThat(first.observe(UNREADABLE, NOW.plusSeconds(29)))
        .isEqualTo(new Ignored(first, Transition.Reason.REPEATED));
    Transition last = first.observe(UNREADABLE, NOW.plusSeconds(30));

    assertThat(last.generation().state())
        .isInstanceOfSatisfying(
            State.Failed.class,
            failed -> {
              assertThat(failed.failure().code()).isEqualTo(Failure.Code.UNREADABLE_OUTPUT);
              assertThat(failed.failure().diagnostic()).contains("{pages: number}");
            });
  }

  @Test
  void anOutputThatBecomesReadableIsStored() {
    Generation first = applied(Generations.queued(), UNREADABLE);
    var readable =
        new Prediction.Succeeded(
            Generations.PREDICTION, List.of(Generations.OUTPUT), Optional.empty());

    assertThat(first.observe(readable, NOW.plusSeconds(60)).generation().state())
        .isInstanceOf(State.Storing.class);
  }

  @Test
  void anUnreadableOutputStaysRecordedIfALaterReportSaysRunning() {
    Generation first = applied(Generations.processing(), UNREADABLE);

    assertThat(first.observe(new Prediction.Processing(Generations.PREDICTION), NOW))
        .isEqualTo(new Ignored(first, Transition.Reason.REPEATED));
  }

  @Test
  void aDeletedGenerationWithAnUnreadableOutputIsCanceled() {
    Generation deleted = Generations.processing().delete(NOW).generation();

    assertThat(deleted.observe(UNREADABLE, NOW).generation().state())
        .isInstanceOf(State.Canceled.class);
  }

  @Test
  void outputsExpireFiveMinutesAfterThePredictionEnded() {
    var ended = NOW.minusSeconds(2);

    assertThat(storingSince(Optional.of(ended)).expiresAt())
        .isEqualTo(ended.plus(Duration.ofMinutes(5)));
  }

  @Test
  void aFastProviderClockDoesNotExtendTheExpiry() {
    assertThat(storingSince(Optional.of(NOW.plusSeconds(3600))).expiresAt())
        .isEqualTo(NOW.plus(Duration.ofMinutes(5)));
    assertThat(storingSince(Optional.empty()).expiresAt())
        .isEqualTo(NOW.plus(Duration.ofMinutes(5)));
  }

  @Test
  void aProviderTimeBeforeTheRequestIsIgnored() {
    assertThat(storingSince(Optional.of(Generations.CREATED.minusSeconds(600))).expiresAt())
        .isEqualTo(NOW.plus(Duration.ofMinutes(5)));
  }

  private static State.Storing storingSince(Optional<Instant> completedAt) {
    var seen =
        new Prediction.Succeeded(Generations.PREDICTION, List.of(Generations.OUTPUT), completedAt);
    return (State.Storing) applied(Generations.processing(), seen).state();
  }

  @Test
  void aGenerationSucceedsWhenEveryOutputIsStored() {
    Generation storing = Generations.storing(Generations.OUTPUT, Generations.OUTPUT);

    Generation second = applied(storing, stored(1));
    assertThat(second.state()).isInstanceOf(State.Storing.class);
    assertThat(second.isActive()).isTrue();
    assertThat(second.observe(stored(1), NOW)).isInstanceOf(Ignored.class);

    Generation both = applied(second, stored(0));
    assertThat(both.state())
        .isEqualTo(new State.Succeeded(Generations.PREDICTION, List.of(asset(0), asset(1)), NOW));
    assertThat(both.isActive()).isFalse();
  }

  @Test
  void aLostOutputFailsTheGenerationAndKeepsTheOthers() {
    Generation storing = Generations.storing(Generations.OUTPUT, Generations.OUTPUT);

    Generation end = applied(applied(storing, stored(0)), lost(1, Failure.Code.OUTPUT_EXPIRED));

    assertThat(end.state())
        .isEqualTo(
            new State.Failed(
                Optional.of(Generations.PREDICTION),
                new Failure(Failure.Code.OUTPUT_EXPIRED, "gone"),
                List.of(asset(0)),
                NOW));
  }

  @Test
  void onlyATemporaryRejectionReleasesTheKey() {
    assertThat(states().values()).allMatch(Generation::holdsKey);
    for (Failure.Code code : Failure.Code.values()) {
      var failure = new Failure(code, "");
      Generation refused =
          applied(Generations.submitting(), new Observation.SubmissionRefused(failure));
      Generation failed =
          applied(Generations.submitting(), new Prediction.Failed(Generations.PREDICTION, failure));

      assertThat(refused.holdsKey())
          .as("%s", code)
          .isEqualTo(
              code != Failure.Code.PROVIDER_BUSY && code != Failure.Code.PROVIDER_UNAVAILABLE);
      assertThat(failed.holdsKey()).as("%s of a prediction", code).isTrue();
      assertThat(failed.refusal()).isEmpty();
    }
  }

  @Test
  void aCanceledGenerationAdoptsItsPredictionLater() {
    Generation canceling = applied(Generations.submitting(), new Observation.CancelRequested());
    var known = new State.Canceling(Optional.of(Generations.PREDICTION));

    assertThat(canceling.state()).isEqualTo(new State.Canceling(Optional.empty()));
    assertThat(applied(canceling, new Prediction.Queued(Generations.PREDICTION)).state())
        .isEqualTo(known);
    assertThat(applied(canceling, new Prediction.Processing(Generations.PREDICTION)).state())
        .isEqualTo(known);
    assertThat(
            applied(canceling, new Observation.SubmissionRefused(Generations.failure())).refusal())
        .contains(Generations.failure());
    assertThat(applied(canceling, new Observation.GaveUp(Generations.failure())).state())
        .isEqualTo(new State.Failed(Optional.empty(), Generations.failure(), List.of(), NOW));
  }

  @Test
  void anUnconfirmedSubmissionIsNoRejection() {
    var unconfirmed = new Failure(Failure.Code.SUBMISSION_UNCONFIRMED, "");
    var policy = new Failure(Failure.Code.CONTENT_POLICY, "");

    assertThat(applied(Generations.submitting(), new Observation.GaveUp(unconfirmed)).refusal())
        .isEmpty();
    assertThat(
            applied(Generations.submitting(), new Observation.SubmissionRefused(policy)).refusal())
        .contains(policy);
  }

  @Test
  void deletingCancelsAnActiveGenerationAndKeepsTheStateOfAnEndedOne() {
    var canceling = new State.Canceling(Optional.of(Generations.PREDICTION));
    Map<String, State> expected =
        Map.of(
            "submitting", new State.Canceling(Optional.empty()),
            "queued", canceling,
            "processing", canceling);

    states()
        .forEach(
            (name, generation) -> {
              Generation deleted = generation.delete(NOW).generation();

              assertThat(deleted.deleted()).isTrue();
              assertThat(deleted.state())
                  .isEqualTo(expected.getOrDefault(name, generation.state()));
              assertThat(deleted.revision()).isEqualTo(generation.revision() + 1);
              assertThat(deleted.dueAt()).isPresent();
              assertThat(deleted.holdsKey()).isFalse();
              assertThat(deleted.delete(NOW)).isInstanceOf(Ignored.class);
            });
  }

  @Test
  void aDeletedGenerationStaysDeletedAndItsOutputsAreNotStored() {
    Generation deleted = Generations.deleted(Generations.queued());

    Generation end =
        applied(
            deleted,
            new Prediction.Succeeded(
                Generations.PREDICTION, List.of(Generations.OUTPUT), Optional.empty()));

    assertThat(end.state()).isEqualTo(new State.Canceled(Generations.PREDICTION, NOW));
    assertThat(end.deleted()).isTrue();
  }

  @Test
  void storingAnUnknownOutputIsABug() {
    assertThatThrownBy(() -> Generations.storing().observe(stored(1), NOW))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static final GenerationId ASSET_OWNER = Generations.submitting().id();

  private static Asset asset(int index) {
    return Generations.asset(ASSET_OWNER, index);
  }

  private static Observation.OutputStored stored(int index) {
    return new Observation.OutputStored(index, asset(index));
  }

  @Test
  void aRejectedOutputRecordsTheFirstTimeAndMayStillBeStored() {
    Generation refused = applied(Generations.storing(), new Observation.OutputRejected(0));

    assertThat(((State.Storing) refused.state()).outputs())
        .containsExactly(new OutputStatus.Awaiting(Generations.OUTPUT, Optional.of(NOW)));
    assertThat(refused.observe(new Observation.OutputRejected(0), NOW.plusSeconds(1)))
        .isEqualTo(new Ignored(refused, Transition.Reason.REPEATED));
    assertThat(applied(refused, stored(0)).state()).isInstanceOf(State.Succeeded.class);
  }

  @Test
  void rejectingAnUnknownOutputIsABug() {
    assertThatThrownBy(() -> Generations.storing().observe(new Observation.OutputRejected(1), NOW))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Observation.OutputLost lost(int index, Failure.Code code) {
    return new Observation.OutputLost(index, new Failure(code, "gone"));
  }

  private static Generation applied(Generation generation, Observation observation) {
    Transition transition = generation.observe(observation, NOW);
    assertThat(transition).isInstanceOf(Applied.class);
    return transition.generation();
  }
}
