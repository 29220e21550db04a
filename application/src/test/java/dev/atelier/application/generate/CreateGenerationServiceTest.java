package dev.atelier.application.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.application.InMemoryAtelier;
import dev.atelier.application.Pictures;
import dev.atelier.application.generate.CreateGeneration.Command;
import dev.atelier.application.generate.CreateGeneration.Result;
import dev.atelier.application.generate.InvalidRequestException.FieldError;
import dev.atelier.application.port.FakeFileLinks;
import dev.atelier.application.port.Generations.Insertion;
import dev.atelier.application.port.InputBuilder.Violation;
import dev.atelier.application.port.ModelCatalog;
import dev.atelier.application.port.Predictions.Submission;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.application.port.UnreadableGenerationException;
import dev.atelier.application.query.AccessScope;
import dev.atelier.application.subscribe.SubscribeToGeneration;
import dev.atelier.domain.Failure;
import dev.atelier.domain.FileReference;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.GenerationOptions;
import dev.atelier.domain.GenerationRequest;
import dev.atelier.domain.Generations;
import dev.atelier.domain.IdempotencyKey;
import dev.atelier.domain.InputFile;
import dev.atelier.domain.Model;
import dev.atelier.domain.ModelInput;
import dev.atelier.domain.NegativePrompt;
import dev.atelier.domain.Output;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.Prompt;
import dev.atelier.domain.State;
import dev.atelier.domain.Status;
import dev.atelier.domain.UserId;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CreateGenerationServiceTest {
  private static final UserId OWNER = new UserId("ada");

  private final FakeFileLinks fileLinks = new FakeFileLinks();
  @AutoClose private final InMemoryAtelier atelier = new InMemoryAtelier(fileLinks);

  @Test
  void startsAGenerationWithDefaultOptions() {
    Generation generation = accepted(Command.of(OWNER, "  a lighthouse at dusk "));

    assertThat(generation.owner()).isEqualTo(OWNER);
    assertThat(generation.request().prompt().map(Prompt::value)).contains("a lighthouse at dusk");
    assertThat(generation.request().model().slug()).isEqualTo("truefusion-pro");
    assertThat(generation.request().options()).isEqualTo(GenerationOptions.IMAGE_DEFAULTS);
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
            Optional.of("ab"),
            Optional.of("dall-e-3"),
            OptionalInt.of(64),
            OptionalInt.of(4096),
            Optional.of("x\0"),
            OptionalInt.of(0),
            OptionalInt.of(5),
            OptionalLong.of(-1),
            OptionalInt.of(2),
            ModelInput.EMPTY);

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
            Optional.of("a lighthouse"),
            Optional.of("TRUEFUSION-PRO"),
            OptionalInt.of(512),
            OptionalInt.of(768),
            Optional.of("fog"),
            OptionalInt.of(12),
            OptionalInt.of(2),
            OptionalLong.of(7),
            OptionalInt.empty(),
            ModelInput.EMPTY);

    assertThat(accepted(command).request().options())
        .isEqualTo(
            new GenerationOptions(
                OptionalInt.of(512),
                OptionalInt.of(768),
                OptionalInt.of(12),
                Optional.of(new NegativePrompt("fog")),
                OptionalInt.of(2),
                OptionalLong.of(7),
                OptionalInt.empty()));
  }

  @Test
  void sendsAndRecordsTheCleanedParameters() {
    Generation generation =
        accepted(with("a lighthouse", Map.of("style", " <b>oil</b>\r\n ", "guidance", 3.50)));

    var input =
        new ModelInput(
            Map.of("prompt", "a lighthouse", "style", "boil/b", "guidance", new BigDecimal("3.5")));
    assertThat(generation.request().input()).contains(input);
    assertThat(atelier.skytells.input(generation.id())).isEqualTo(input);
  }

  @Test
  void theParameterPromptIsThePromptOfTheGeneration() {
    Generation generation = accepted(with(null, Map.of("prompt", " a lighthouse ")));

    assertThat(generation.request().prompt()).contains(new Prompt("a lighthouse"));
    assertThatThrownBy(() -> accepted(with(null, Map.of("prompt", "ab"))))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e ->
                assertThat(e.errors())
                    .extracting(FieldError::field)
                    .containsExactly("input.prompt"));
  }

  @Test
  void reportsWhatTheModelDoesNotAcceptTogetherWithTheRestAndSendsNothing() {
    atelier.models.reject(new Violation("input.style", "must be one of oil, ink"));

    assertThatThrownBy(() -> accepted(with("ab", Map.of("style", "x"))))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e ->
                assertThat(e.errors())
                    .extracting(FieldError::field)
                    .containsExactly("prompt", "input.style"));
    assertThatThrownBy(() -> accepted(with("a lighthouse", Map.of("style", "x"))))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e ->
                assertThat(e.errors())
                    .containsExactly(new FieldError("input.style", "must be one of oil, ink")));
    assertThat(atelier.skytells.sold()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "dall-e-3, must be one of",
    // Matches only a pattern.
    "unfusion-9, that Skytells offers",
    "fusion-text, but produces text"
  })
  void rejectsAModelThatIsNotOffered(String slug, String rule) {
    assertThatThrownBy(
            () ->
                accepted(
                    InMemoryAtelier.command(
                        OWNER, "a lighthouse", Optional.of(slug), Optional.empty())))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> {
              assertThat(e.errors()).hasSize(1);
              assertThat(e.errors().getFirst().field()).isEqualTo("model");
              assertThat(e.errors().getFirst().message()).contains(rule);
            });
  }

  @Test
  void rejectsAnOfflineModelBeforeAnythingIsWritten() {
    atelier.models.takeOffline(Generations.IMAGE_MODEL);

    assertThat(atelier.createGeneration.create(Command.of(OWNER, "a lighthouse")))
        .isEqualTo(new Result.ModelOffline(Generations.IMAGE_MODEL));
    assertThat(atelier.skytells.sold()).isEmpty();
    assertThat(listed()).isEmpty();
  }

  @Test
  void anOutputOfTheOwnerIsAnInput() {
    Generation source = finished();
    String url = "https://app.example.test/outputs/" + source.id() + "/0";

    Generation edit =
        accepted(with("as a sketch", Map.of("images", List.of(url + "?expires=1&signature=x"))));

    assertThat(edit.request().files())
        .containsExactly(
            new InputFile("input.images[0]", new FileReference.OutputFile(source.id(), 0)));
    assertThat(edit.request().input().orElseThrow().values()).containsEntry("images", List.of(url));
    assertThat(atelier.skytells.input(edit.id()).values())
        .containsEntry(
            "images",
            List.of(url + "?until=" + atelier.clock.instant().plus(Duration.ofMinutes(15))));
  }

  @Test
  void anInputMustBeAnOutputOfTheOwner() {
    Generation source = finished();
    String url = "https://app.example.test/outputs/" + source.id();
    String unknown = "https://app.example.test/outputs/" + UUID.randomUUID() + "/0";
    Generation running = accepted(Command.of(OWNER, "a lighthouse"));
    int sold = atelier.skytells.sold().size();

    for (String image :
        List.of(url + "/1", unknown, "https://app.example.test/outputs/" + running.id() + "/0")) {
      assertThat(atelier.createGeneration.create(with("edit", Map.of("image", image))))
          .isEqualTo(new Result.InputNotFound("input.image"));
    }
    assertThat(
            atelier.createGeneration.create(
                with(new UserId("grace"), "edit", Map.of("image", url + "/0"), null)))
        .isEqualTo(new Result.InputNotFound("input.image"));
    assertThat(atelier.skytells.sold()).hasSize(sold);
  }

  @Test
  void anInputThatSkytellsCannotReachIsRejected() {
    String url = "https://app.example.test/outputs/" + finished().id() + "/0";
    fileLinks.makeUnreachable();

    assertThat(atelier.createGeneration.create(with("edit", Map.of("image", url))))
        .isEqualTo(new Result.InputUnreachable("input.image"));
  }

  @Test
  void aReplayNeedsNeitherTheModelNorItsInputs() {
    Generation source = finished();
    String url = "https://app.example.test/outputs/" + source.id() + "/0";
    Command command = with(OWNER, "edit", Map.of("image", url), "key-1");
    Generation first = accepted(command);
    Result.Replayed replayed = new Result.Replayed(first);

    assertThat(atelier.createGeneration.create(command)).isEqualTo(replayed);
    atelier.generations.save(Generations.deleted(atelier.current(source)));
    assertThat(atelier.createGeneration.create(command)).isEqualTo(replayed);
    atelier.models.takeOffline(Generations.IMAGE_MODEL);
    assertThat(atelier.createGeneration.create(command)).isEqualTo(replayed);
    atelier.models.reject(new Violation("input.image", "is not a parameter"));
    assertThat(atelier.createGeneration.create(command)).isEqualTo(replayed);
    assertThat(
            atelier.createGeneration.create(
                with(OWNER, "edit", Map.of("image", url, "strength", 1), "key-1")))
        .isEqualTo(new Result.KeyReused());
  }

  @Test
  void aReplayDoesNotNeedAModelThatIsStillOffered() {
    var model = new Model("fusion-new", Model.Kind.IMAGE);
    atelier.models.add(ModelCatalog.Offer.of(model));
    Generation first = accepted(keyed(model, "key-1", "a lighthouse"));
    atelier.models.remove(model);

    assertThat(atelier.createGeneration.create(keyed(model, "key-1", "a lighthouse")))
        .isEqualTo(new Result.Replayed(first));
    assertThat(atelier.createGeneration.create(keyed(model, "key-1", "a forest")))
        .isEqualTo(new Result.KeyReused());
    for (Command refused :
        List.of(
            keyed(model, "key-2", "a lighthouse"),
            keyed(new Model("fusion-other", Model.Kind.IMAGE), "key-1", "a lighthouse"))) {
      assertThatThrownBy(() -> atelier.createGeneration.create(refused))
          .isInstanceOf(InvalidRequestException.class);
    }
  }

  private static Command keyed(Model model, String key, String prompt) {
    return InMemoryAtelier.command(
        OWNER, prompt, Optional.of(model.slug()), Optional.of(new IdempotencyKey(key)));
  }

  private Generation finished() {
    Output output = atelier.skytells.addOutput(Pictures.PNG);
    atelier.skytells.sellNext(
        id ->
            new Submission.Accepted(
                new Prediction.Succeeded(id, List.of(output), Optional.empty())));
    return awaitEnd(accepted(Command.of(OWNER, "a lighthouse")));
  }

  private List<Generation> listed() {
    return atelier.generations.list(
        Optional.of(OWNER), EnumSet.allOf(Status.class), Optional.empty(), 10);
  }

  private static Command with(@Nullable String prompt, Map<String, Object> parameters) {
    return with(OWNER, prompt, parameters, null);
  }

  private static Command with(
      UserId owner, @Nullable String prompt, Map<String, Object> parameters, @Nullable String key) {
    return new Command(
        owner,
        Optional.ofNullable(key).map(IdempotencyKey::new),
        Optional.ofNullable(prompt),
        Optional.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalLong.empty(),
        OptionalInt.empty(),
        new ModelInput(parameters));
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
            Generations.IMAGE_MODEL,
            Optional.of(new Prompt("a \u001B[1mlighthouse")),
            GenerationOptions.IMAGE_DEFAULTS,
            ModelInput.EMPTY,
            Optional.empty(),
            List.of(),
            Optional.empty());
    Generation earlier =
        Generations.create(
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
