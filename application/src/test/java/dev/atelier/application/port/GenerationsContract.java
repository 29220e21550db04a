package dev.atelier.application.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.Generations.Insertion;
import dev.atelier.application.port.Generations.Saving;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.Failure;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationRequest;
import dev.atelier.domain.ImageOptions;
import dev.atelier.domain.MediaType;
import dev.atelier.domain.NegativePrompt;
import dev.atelier.domain.Observation;
import dev.atelier.domain.Output;
import dev.atelier.domain.OutputStatus;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.Prompt;
import dev.atelier.domain.State;
import dev.atelier.domain.UserId;
import dev.atelier.domain.VideoOptions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every {@link Generations} does. */
public interface GenerationsContract {
  /** When the generations of these tests move; with the microseconds that must survive. */
  Instant LATER = Instant.parse("2026-11-20T10:00:06.123456Z");

  /** The store under test; other tests may have written to it. */
  Generations generations();

  @Test
  default void whatWasInsertedIsFound() {
    Generation begun = insert(someone());

    assertThat(generations().find(begun.id())).contains(begun);
  }

  @Test
  default void anUnknownIdIsNotFound() {
    assertThat(generations().find(begun(someone()).id())).isEmpty();
    assertThat(generations().findByPrediction(prediction())).isEmpty();
  }

  @Test
  default void everyOptionSurvives() {
    UserId owner = someone();
    Generation picture =
        Generation.begin(
            begun(owner).id(),
            owner,
            new GenerationRequest(
                dev.atelier.domain.Generations.IMAGE_MODEL,
                new Prompt("ein Käse 🧀\n\n\"quoted\" \\ and '; DROP TABLE"),
                new ImageOptions(
                    256, 2048, 7, new NegativePrompt(""), 4, OptionalLong.of(4294967295L))),
            LATER);
    Generation clip =
        Generation.begin(
            begun(owner).id(),
            owner,
            new GenerationRequest(
                dev.atelier.domain.Generations.VIDEO_MODEL,
                new Prompt("a wave"),
                new VideoOptions(12)),
            LATER);

    assertThat(generations().insert(picture, 10)).isEqualTo(Insertion.INSERTED);
    assertThat(generations().insert(clip, 10)).isEqualTo(Insertion.INSERTED);

    assertThat(generations().find(picture.id())).contains(picture);
    assertThat(generations().find(clip.id())).contains(clip);
  }

  @Test
  default void everyStateSurvives() {
    for (State state : everyState()) {
      Generation begun = insert(someone());
      Generation next =
          new Generation(
              begun.id(), begun.owner(), begun.request(), begun.createdAt(), LATER, 1, state);

      assertThat(generations().save(next)).as("%s", state).isEqualTo(Saving.SAVED);

      assertThat(generations().find(begun.id())).contains(next);
    }
  }

  private static List<State> everyState() {
    var id = begun(someone()).id();
    var asset = dev.atelier.domain.Generations.asset(id, 0);
    var failure = new Failure(Failure.Code.OUTPUT_EXPIRED, "not there any more");
    var video =
        new dev.atelier.domain.Asset(
            BlobKey.of(id, 2, MediaType.MP4), MediaType.MP4, 5_000_000_000L, "f".repeat(64));
    List<OutputStatus> outputs =
        List.of(
            new OutputStatus.Awaiting(new Output("https://cdn.skytells.ai/a?sig=\"x\"&y=ü")),
            new OutputStatus.Stored(asset),
            new OutputStatus.Lost(failure));
    return List.of(
        new State.Submitting(),
        new State.Queued(prediction()),
        new State.Processing(prediction()),
        new State.Storing(prediction(), outputs, LATER.plusSeconds(300)),
        new State.Succeeded(prediction(), List.of(asset, video), LATER),
        new State.Failed(Optional.of(prediction()), failure, List.of(asset), LATER),
        new State.Failed(Optional.empty(), failure, List.of(), LATER),
        new State.Canceled(prediction(), LATER));
  }

  @Test
  default void everyFailureCodeSurvives() {
    for (Failure.Code code : Failure.Code.values()) {
      Generation begun = insert(someone());
      Generation failed = observe(begun, new Observation.SubmissionRefused(new Failure(code, "")));

      assertThat(generations().save(failed)).isEqualTo(Saving.SAVED);

      assertThat(generations().find(begun.id())).contains(failed);
    }
  }

  @Test
  default void aGenerationIsFoundByThePredictionItAdopted() {
    Generation begun = insert(someone());
    PredictionId prediction = prediction();
    Generation queued = observe(begun, new Prediction.Queued(prediction));

    assertThat(generations().save(queued)).isEqualTo(Saving.SAVED);

    assertThat(generations().findByPrediction(prediction)).contains(queued);
  }

  @Test
  default void aPredictionBelongsToOneGenerationOnly() {
    PredictionId prediction = prediction();
    Generation first = insert(someone());
    Generation second = insert(someone());
    assertThat(generations().save(observe(first, new Prediction.Queued(prediction))))
        .isEqualTo(Saving.SAVED);

    assertThat(generations().save(observe(second, new Prediction.Processing(prediction))))
        .isEqualTo(Saving.PREDICTION_TAKEN);

    assertThat(generations().find(second.id())).contains(second);
  }

  @Test
  default void ofTwoWritersOfOneRevisionOneWins() {
    Generation begun = insert(someone());
    PredictionId prediction = prediction();
    Generation mine = observe(begun, new Prediction.Queued(prediction));
    Generation theirs = observe(begun, new Prediction.Processing(prediction));

    assertThat(generations().save(theirs)).isEqualTo(Saving.SAVED);
    assertThat(generations().save(mine)).isEqualTo(Saving.CONFLICT);
    assertThat(generations().save(theirs)).isEqualTo(Saving.CONFLICT);

    assertThat(generations().find(begun.id())).contains(theirs);
  }

  @Test
  default void whatWasNeverInsertedIsNotSaved() {
    Generation begun = begun(someone());

    assertThat(generations().save(observe(begun, new Prediction.Queued(prediction()))))
        .isEqualTo(Saving.CONFLICT);
    assertThat(generations().find(begun.id())).isEmpty();
  }

  @Test
  default void theEleventhActiveGenerationFindsNoPlace() {
    UserId owner = someone();
    for (int i = 0; i < 10; i++) {
      insert(owner);
    }

    Generation eleventh = begun(owner);
    assertThat(generations().insert(eleventh, 10)).isEqualTo(Insertion.LIMIT_REACHED);
    assertThat(generations().find(eleventh.id())).isEmpty();
    assertThat(generations().insert(begun(someone()), 10)).isEqualTo(Insertion.INSERTED);
  }

  @Test
  default void onlyTheEndOfAGenerationFreesItsPlace() {
    for (State state : everyState()) {
      UserId owner = someone();
      Generation begun = insert(owner);
      Generation next =
          new Generation(begun.id(), owner, begun.request(), begun.createdAt(), LATER, 1, state);
      assertThat(generations().save(next)).isEqualTo(Saving.SAVED);

      assertThat(generations().insert(begun(owner), 1))
          .as("%s", state)
          .isEqualTo(next.isActive() ? Insertion.LIMIT_REACHED : Insertion.INSERTED);
    }
  }

  @Test
  default void ofSixtySimultaneousGenerationsExactlyTenFindAPlace() throws Exception {
    UserId owner = someone();
    List<Callable<Insertion>> calls = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      Generation generation = begun(owner);
      calls.add(() -> generations().insert(generation, 10));
    }

    var insertions = new ArrayList<Insertion>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Insertion> call : threads.invokeAll(calls)) {
        insertions.add(call.get());
      }
    }

    assertThat(insertions).filteredOn(Insertion.INSERTED::equals).hasSize(10);
    assertThat(insertions).filteredOn(Insertion.LIMIT_REACHED::equals).hasSize(50);
  }

  private Generation insert(UserId owner) {
    Generation begun = begun(owner);
    assertThat(generations().insert(begun, 10)).isEqualTo(Insertion.INSERTED);
    return begun;
  }

  private static Generation begun(UserId owner) {
    return dev.atelier.domain.Generations.begun(owner);
  }

  private static Generation observe(Generation generation, Observation observation) {
    return generation.observe(observation, LATER).generation();
  }

  private static UserId someone() {
    return new UserId("user-" + UUID.randomUUID());
  }

  private static PredictionId prediction() {
    return new PredictionId("pred_" + UUID.randomUUID());
  }
}
