package dev.atelier.application.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.application.InMemoryAtelier;
import dev.atelier.application.Pictures;
import dev.atelier.application.generate.CreateGeneration.Command;
import dev.atelier.application.generate.CreateGeneration.Result;
import dev.atelier.application.generate.InvalidRequestException.FieldError;
import dev.atelier.application.port.Generations.Insertion;
import dev.atelier.application.port.Predictions.Submission;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.application.port.UnreadableGenerationException;
import dev.atelier.application.query.AccessScope;
import dev.atelier.application.subscribe.SubscribeToGeneration;
import dev.atelier.domain.Failure;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.GenerationRequest;
import dev.atelier.domain.Generations;
import dev.atelier.domain.IdempotencyKey;
import dev.atelier.domain.ImageOptions;
import dev.atelier.domain.NegativePrompt;
import dev.atelier.domain.Output;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.Prompt;
import dev.atelier.domain.State;
import dev.atelier.domain.Status;
import dev.atelier.domain.UserId;
import dev.atelier.domain.VideoOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CreateGenerationServiceTest {
  private static final UserId OWNER = new UserId("ada");

  private final InMemoryAtelier atelier = new InMemoryAtelier();

  @AfterEach
  void close() {
    atelier.close();
  }

  @Test
  void startsAGenerationWithDefaultOptions() {
    Generation generation = accepted(Command.of(OWNER, "  a lighthouse at dusk "));

    assertThat(generation.owner()).isEqualTo(OWNER);
    assertThat(generation.request().prompt().value()).isEqualTo("a lighthouse at dusk");
    assertThat(generation.request().model().slug()).isEqualTo("truefusion-pro");
    assertThat(generation.request().options()).isEqualTo(ImageOptions.DEFAULT);
    assertThat(generation.createdAt()).isEqualTo(atelier.clock.instant());
    assertThat(generation.state()).isInstanceOf(State.Queued.class);
    assertThat(generation.state().prediction())
        .isEqualTo(Optional.ofNullable(atelier.skytells.sold().get(generation.id())));
    assertThat(atelier.generations.find(generation.id())).contains(generation);
  }

  @Test
  void reportsEveryViolationAndWritesAndSendsNothing() {
    var command =
        new Command(
            OWNER,
            Optional.empty(),
            "ab",
            Optional.of("dall-e-3"),
            OptionalInt.of(64),
            OptionalInt.of(4096),
            Optional.of("x\0"),
            OptionalInt.of(0),
            OptionalInt.of(5),
            OptionalLong.of(-1),
            OptionalInt.of(10));

    assertThatThrownBy(() -> atelier.createGeneration.create(command))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e ->
                assertThat(e.errors())
                    .extracting(FieldError::field)
                    .containsExactlyInAnyOrder(
                        "prompt",
                        "model",
                        "width",
                        "height",
                        "negativePrompt",
                        "numInferenceSteps",
                        "numOutputs",
                        "seed",
                        "durationSeconds"));
    assertThat(atelier.skytells.sold()).isEmpty();
  }

  @Test
  void acceptsEveryOption() {
    var command =
        new Command(
            OWNER,
            Optional.empty(),
            "a lighthouse",
            Optional.of("TRUEFUSION-PRO"),
            OptionalInt.of(512),
            OptionalInt.of(768),
            Optional.of("fog"),
            OptionalInt.of(12),
            OptionalInt.of(2),
            OptionalLong.of(7),
            OptionalInt.empty());

    assertThat(accepted(command).request().options())
        .isEqualTo(
            new ImageOptions(512, 768, 12, new NegativePrompt("fog"), 2, OptionalLong.of(7)));
  }

  @Test
  void aVideoAcceptsADurationAndNoImageOption() {
    assertThat(accepted(video(OptionalInt.empty(), OptionalInt.empty())).request().options())
        .isEqualTo(new VideoOptions(10));
    assertThat(accepted(video(OptionalInt.of(3), OptionalInt.empty())).request().options())
        .isEqualTo(new VideoOptions(3));
    assertThatThrownBy(() -> accepted(video(OptionalInt.of(2), OptionalInt.of(512))))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e ->
                assertThat(e.errors())
                    .containsExactly(
                        new FieldError("width", "is not an option of this model"),
                        new FieldError("durationSeconds", "must be between 3 and 30")));
  }

  private static Command video(OptionalInt durationSeconds, OptionalInt width) {
    return new Command(
        OWNER,
        Optional.empty(),
        "a wave",
        Optional.of("truefusion-video-pro"),
        width,
        OptionalInt.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalLong.empty(),
        durationSeconds);
  }

  @Test
  void persistsTheRowBeforeItCallsSkytells() {
    var seen = new ArrayList<Optional<Generation>>();
    atelier.skytells.sellNext(
        id -> {
          String generation = id.value().substring("pred_".length());
          seen.add(GenerationId.parse(generation).flatMap(atelier.generations::find));
          return new Submission.Accepted(new Prediction.Queued(id));
        });

    Generation generation = accepted(Command.of(OWNER, "a lighthouse"));

    assertThat(seen).hasSize(1);
    assertThat(seen.getFirst())
        .hasValueSatisfying(
            row -> {
              assertThat(row.id()).isEqualTo(generation.id());
              assertThat(row.state()).isEqualTo(new State.Submitting());
            });
  }

  @Test
  void sendsNothingWithoutADatabase() {
    atelier.generations.breakDown(true);

    assertThatThrownBy(() -> atelier.createGeneration.create(Command.of(OWNER, "a lighthouse")))
        .isInstanceOf(UnavailableException.class);
    assertThat(atelier.skytells.sold()).isEmpty();
  }

  @Test
  void acceptsTheRequestIfTheCreateResponseCannotBePersisted() {
    atelier.skytells.sellNext(
        id -> {
          atelier.generations.breakDown(true);
          return new Submission.Accepted(new Prediction.Queued(id));
        });

    Generation generation = accepted(Command.of(OWNER, "a lighthouse"));

    atelier.generations.breakDown(false);
    assertThat(generation.state()).isEqualTo(new State.Submitting());
    assertThat(atelier.generations.find(generation.id())).contains(generation);
  }

  @Test
  void anUnconfirmedSubmissionWaitsForItsWebhook() {
    atelier.skytells.sellNext(_ -> new Submission.Unconfirmed("read timed out"));

    Generation generation = accepted(Command.of(OWNER, "a lighthouse"));

    assertThat(generation.state()).isEqualTo(new State.Submitting());
    assertThat(generation.isActive()).isTrue();
  }

  @Test
  void aRejectedSubmissionIsKeptAsFailedAndUsesNoQuota() {
    var failure = new Failure(Failure.Code.PROVIDER_BUSY, "429");
    for (int i = 0; i <= InMemoryAtelier.ACTIVE_LIMIT; i++) {
      atelier.skytells.refuseNext(
          new Submission.Refused(failure, Optional.of(Duration.ofSeconds(12))));

      Result result = atelier.createGeneration.create(Command.of(OWNER, "a lighthouse"));

      assertThat(result)
          .isInstanceOfSatisfying(
              Result.Refused.class,
              refused -> {
                assertThat(refused.failure()).isEqualTo(failure);
                assertThat(refused.retryAfter()).contains(Duration.ofSeconds(12));
                assertThat(refused.generation().state()).isInstanceOf(State.Failed.class);
              });
    }
    assertThat(atelier.skytells.sold()).isEmpty();
  }

  @Test
  void aWebhookOutweighsALaterRejection() {
    atelier.skytells.sellNext(
        id -> {
          GenerationId generation =
              GenerationId.parse(id.value().substring("pred_".length())).orElseThrow();
          atelier.webhook(Optional.of(generation), new Prediction.Processing(id));
          return new Submission.Refused(
              new Failure(Failure.Code.PROVIDER_BUSY, "429"), Optional.empty());
        });

    assertThat(accepted(Command.of(OWNER, "a lighthouse")).state())
        .isInstanceOf(State.Processing.class);
  }

  @Test
  void rejectsTheEleventhActiveGenerationAndSendsNothing() {
    for (int i = 0; i < InMemoryAtelier.ACTIVE_LIMIT; i++) {
      accepted(Command.of(OWNER, "a lighthouse"));
    }

    assertThat(atelier.createGeneration.create(Command.of(OWNER, "a lighthouse")))
        .isEqualTo(new Result.LimitReached(InMemoryAtelier.ACTIVE_LIMIT));
    assertThat(atelier.skytells.sold()).hasSize(InMemoryAtelier.ACTIVE_LIMIT);
    accepted(Command.of(new UserId("grace"), "a lighthouse"));
  }

  @Test
  void exactlyTenOfSixtyConcurrentRequestsArePaidFor() throws Exception {
    List<Callable<Result>> calls = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      calls.add(() -> atelier.createGeneration.create(Command.of(OWNER, "a lighthouse")));
    }

    var results = new ArrayList<Result>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Result> call : threads.invokeAll(calls)) {
        results.add(call.get());
      }
    }

    assertThat(results).filteredOn(Result.Accepted.class::isInstance).hasSize(10);
    assertThat(results).filteredOn(Result.LimitReached.class::isInstance).hasSize(50);
    assertThat(atelier.skytells.sold()).hasSize(10);
  }

  @Test
  void storesAResultInTheCreateResponseWithoutAWebhook() {
    Output output = atelier.skytells.addOutput(Pictures.PNG);
    atelier.skytells.sellNext(
        id ->
            new Submission.Accepted(
                new Prediction.Succeeded(id, List.of(output), Optional.empty())));

    Generation generation = awaitEnd(accepted(Command.of(OWNER, "a lighthouse")));

    assertThat(generation.state()).isInstanceOf(State.Succeeded.class);
  }

  @Test
  void aRepeatedRequestWithTheSameKeyStartsNoSecondGeneration() {
    Generation first = accepted(keyed("key-1", "a lighthouse"));

    assertThat(atelier.createGeneration.create(keyed("key-1", " a lighthouse\n")))
        .isEqualTo(new Result.Replayed(first));
    assertThat(atelier.skytells.sold()).hasSize(1);
  }

  @Test
  void anotherKeyOrOwnerStartsAnotherGeneration() {
    accepted(keyed("key-1", "a lighthouse"));

    accepted(keyed("key-2", "a lighthouse"));
    accepted(keyed(new UserId("grace"), "key-1", "a lighthouse"));

    assertThat(atelier.skytells.sold()).hasSize(3);
  }

  @Test
  void rejectsADifferentRequestWithTheSameKey() {
    accepted(keyed("key-1", "a lighthouse"));

    assertThat(atelier.createGeneration.create(keyed("key-1", "a harbour")))
        .isEqualTo(new Result.KeyReused());
    assertThat(atelier.skytells.sold()).hasSize(1);
  }

  @Test
  void replaysARequestThatWasStoredBeforeTheCleaningBecameStricter() {
    var stored =
        new GenerationRequest(
            Generations.IMAGE_MODEL, new Prompt("a \u001B[1mlighthouse"), ImageOptions.DEFAULT);
    Generation earlier =
        Generation.create(
            new GenerationId(UUID.randomUUID()), OWNER, stored, atelier.clock.instant());
    assertThat(atelier.generations.insert(earlier, Optional.of(new IdempotencyKey("key-1")), 10))
        .isEqualTo(new Insertion.Inserted());

    assertThat(atelier.createGeneration.create(keyed("key-1", "a \u001B[1mlighthouse")))
        .isEqualTo(new Result.Replayed(earlier));
    assertThat(atelier.skytells.sold()).isEmpty();
  }

  @Test
  void acceptsTheRequestIfANewerVersionHasMovedTheGenerationDuringTheCreateCall() {
    atelier.skytells.sellNext(
        id -> {
          atelier
              .generations
              .list(Optional.of(OWNER), EnumSet.allOf(Status.class), Optional.empty(), 1)
              .forEach(generation -> atelier.generations.makeUnreadable(generation.id()));
          return new Submission.Accepted(new Prediction.Queued(id));
        });

    Generation accepted = accepted(keyed("key-1", "a lighthouse"));

    assertThat(accepted.state()).isInstanceOf(State.Submitting.class);
    assertThatThrownBy(() -> atelier.createGeneration.create(keyed("key-1", "a lighthouse")))
        .isInstanceOf(UnreadableGenerationException.class);
    assertThat(atelier.skytells.sold()).hasSize(1);
  }

  @Test
  void aReplayNeedsNoQuota() {
    Generation first = accepted(keyed("key-1", "a lighthouse"));
    for (int i = 1; i < InMemoryAtelier.ACTIVE_LIMIT; i++) {
      accepted(Command.of(OWNER, "a lighthouse"));
    }

    assertThat(atelier.createGeneration.create(keyed("key-1", "a lighthouse")))
        .isEqualTo(new Result.Replayed(first));
    assertThat(atelier.createGeneration.create(keyed("key-2", "a lighthouse")))
        .isEqualTo(new Result.LimitReached(InMemoryAtelier.ACTIVE_LIMIT));
  }

  @Test
  void aReplayReturnsTheCurrentState() {
    Generation first = accepted(keyed("key-1", "a lighthouse"));
    PredictionId prediction = first.state().prediction().orElseThrow();
    atelier.webhook(Optional.of(first.id()), new Prediction.Canceled(prediction));

    assertThat(atelier.createGeneration.create(keyed("key-1", "a lighthouse")))
        .isInstanceOfSatisfying(
            Result.Replayed.class,
            replayed ->
                assertThat(replayed.generation().state()).isInstanceOf(State.Canceled.class));
  }

  @ParameterizedTest
  @EnumSource(names = {"REJECTED_BY_PROVIDER", "CONTENT_POLICY"})
  void aReplayRepeatsARejectionOfTheRequest(Failure.Code code) {
    var failure = new Failure(code, "no");
    atelier.skytells.refuseNext(new Submission.Refused(failure, Optional.empty()));
    Result first = atelier.createGeneration.create(keyed("key-1", "a lighthouse"));

    assertThat(atelier.createGeneration.create(keyed("key-1", "a lighthouse")))
        .isInstanceOf(Result.Refused.class)
        .isEqualTo(first);
    assertThat(atelier.skytells.sold()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"PROVIDER_BUSY", "PROVIDER_UNAVAILABLE"})
  void aTransientRejectionReleasesTheKey(Failure.Code code) {
    var failure = new Failure(code, "not now");
    atelier.skytells.refuseNext(new Submission.Refused(failure, Optional.empty()));
    assertThat(atelier.createGeneration.create(keyed("key-1", "a lighthouse")))
        .isInstanceOf(Result.Refused.class);

    Generation second = accepted(keyed("key-1", "a lighthouse"));

    assertThat(atelier.createGeneration.create(keyed("key-1", "a lighthouse")))
        .isEqualTo(new Result.Replayed(second));
    assertThat(atelier.skytells.sold()).hasSize(1);
  }

  @Test
  void concurrentRequestsWithOneKeyStartOneGeneration() throws Exception {
    List<Callable<Result>> calls =
        Collections.nCopies(
            40, () -> atelier.createGeneration.create(keyed("key-1", "a lighthouse")));

    var results = new ArrayList<Result>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Result> call : threads.invokeAll(calls)) {
        results.add(call.get());
      }
    }

    assertThat(atelier.skytells.sold()).hasSize(1);
    assertThat(results).filteredOn(Result.Accepted.class::isInstance).hasSize(1);
    assertThat(results).filteredOn(Result.Replayed.class::isInstance).hasSize(39);
  }

  private static Command keyed(String key, String prompt) {
    return keyed(OWNER, key, prompt);
  }

  private static Command keyed(UserId owner, String key, String prompt) {
    return InMemoryAtelier.command(
        owner, prompt, Optional.empty(), Optional.of(new IdempotencyKey(key)));
  }

  private Generation accepted(Command command) {
    Result result = atelier.createGeneration.create(command);
    assertThat(result).isInstanceOf(Result.Accepted.class);
    return ((Result.Accepted) result).generation();
  }

  private Generation awaitEnd(Generation generation) {
    var query = new SubscribeToGeneration.Query(new AccessScope.All(), generation.id());
    try (var subscription =
        ((SubscribeToGeneration.Result.Subscribed) atelier.subscribeToGeneration.subscribe(query))
            .subscription()) {
      return subscription.awaitEnd(Duration.ofSeconds(20)).orElseThrow();
    }
  }
}
