package dev.atelier.application.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.application.port.Generations.Claim;
import dev.atelier.application.port.Generations.Insertion;
import dev.atelier.application.port.Generations.Position;
import dev.atelier.application.port.Generations.Saving;
import dev.atelier.application.port.Generations.Work;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.Failure;
import dev.atelier.domain.FileReference;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.GenerationOptions;
import dev.atelier.domain.GenerationRequest;
import dev.atelier.domain.IdempotencyKey;
import dev.atelier.domain.InputFile;
import dev.atelier.domain.MediaType;
import dev.atelier.domain.Model;
import dev.atelier.domain.ModelInput;
import dev.atelier.domain.NegativePrompt;
import dev.atelier.domain.Observation;
import dev.atelier.domain.Output;
import dev.atelier.domain.OutputStatus;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.Price;
import dev.atelier.domain.Prompt;
import dev.atelier.domain.State;
import dev.atelier.domain.StateName;
import dev.atelier.domain.Status;
import dev.atelier.domain.UploadId;
import dev.atelier.domain.UserId;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The contract of {@link Generations}. */
public interface GenerationsContract {
  /** When the generations of these tests change; the store must keep the microseconds. */
  Instant LATER = Instant.parse("2026-11-20T10:00:06.123456Z");

  /** The store under test; other tests may have written to it. */
  Generations generations();

  /** Makes a stored generation unreadable. */
  void makeUnreadable(GenerationId id);

  /** Makes an unreadable generation readable again, without a save. */
  void makeReadable(GenerationId id);

  @Test
  default void findsAnInsertedGeneration() {
    Generation submitted = insert(newOwner());

    assertThat(generations().find(submitted.id())).contains(submitted);
  }

  @Test
  default void anUnknownIdIsNotFound() {
    assertThat(generations().find(newGeneration(newOwner()).id())).isEmpty();
    assertThat(generations().findByPrediction(prediction())).isEmpty();
  }

  @Test
  default void storesEveryOption() {
    UserId owner = newOwner();
    Generation picture =
        dev.atelier.domain.Generations.create(
            newGeneration(owner).id(),
            owner,
            new GenerationRequest(
                dev.atelier.domain.Generations.IMAGE_MODEL,
                Optional.of(new Prompt("ein Käse 🧀\n\n\"quoted\" \\ and '; DROP TABLE")),
                new GenerationOptions(
                    OptionalInt.of(256),
                    OptionalInt.of(2048),
                    OptionalInt.of(7),
                    Optional.of(new NegativePrompt("")),
                    OptionalInt.of(4),
                    OptionalLong.of(4294967295L),
                    OptionalInt.empty()),
                ModelInput.EMPTY,
                Optional.empty(),
                List.of(),
                Optional.empty()),
            LATER);
    Generation clip =
        dev.atelier.domain.Generations.create(
            newGeneration(owner).id(),
            owner,
            new GenerationRequest(
                dev.atelier.domain.Generations.VIDEO_MODEL,
                Optional.of(new Prompt("a wave")),
                GenerationOptions.VIDEO_DEFAULTS,
                ModelInput.EMPTY,
                Optional.of(new ModelInput(Map.of("prompt", "a wave"))),
                List.of(),
                Optional.of(new Price(new BigDecimal("0.80"), "USD", "5 seconds"))),
            LATER);

    assertThat(generations().insert(picture, Optional.empty(), 10))
        .isEqualTo(new Insertion.Inserted());
    assertThat(generations().insert(clip, Optional.empty(), 10))
        .isEqualTo(new Insertion.Inserted());

    assertThat(generations().find(picture.id())).contains(picture);
    assertThat(generations().find(clip.id())).contains(clip);
  }

  @Test
  default void storesTheParametersTheInputAndItsFiles() {
    UserId owner = newOwner();
    Map<String, Object> nested =
        Map.of(
            "lyrics",
            "la \"la\"\nla",
            "tempo",
            120L,
            "guidance",
            new BigDecimal("3.5"),
            "loop",
            true,
            "voices",
            List.of("alto", Map.of("name", "bass", "parts", List.of(1L, 2L))));
    var source = new FileReference.OutputFile(newGeneration(owner).id(), 3);
    Generation song =
        dev.atelier.domain.Generations.create(
            newGeneration(owner).id(),
            owner,
            new GenerationRequest(
                new Model("beatfusion-2.0", Model.Kind.AUDIO),
                Optional.empty(),
                GenerationOptions.NONE,
                new ModelInput(nested),
                Optional.of(new ModelInput(Map.of("lyrics", "la"))),
                List.of(
                    new InputFile("input.voices[0]", source),
                    new InputFile(
                        "input.lyrics",
                        new FileReference.UploadedFile(new UploadId(UUID.randomUUID())))),
                Optional.of(dev.atelier.domain.Generations.PRICE)),
            LATER);

    assertThat(generations().insert(song, Optional.empty(), 10))
        .isEqualTo(new Insertion.Inserted());

    assertThat(generations().find(song.id())).contains(song);
    assertThat(
            generations()
                .list(Optional.of(owner), EnumSet.allOf(Status.class), Optional.empty(), 10))
        .containsExactly(song);
  }

  @Test
  default void findsTheHolderOfAKey() {
    UserId owner = newOwner();
    var key = new IdempotencyKey("key-1");
    Generation holder = newGeneration(owner);
    assertThat(generations().insert(holder, Optional.of(key), 10))
        .isEqualTo(new Insertion.Inserted());

    assertThat(generations().findByKey(owner, key)).contains(holder);
    assertThat(generations().findByKey(newOwner(), key)).isEmpty();
    assertThat(generations().findByKey(owner, new IdempotencyKey("key-2"))).isEmpty();
  }

  @Test
  default void storesEveryState() {
    for (State state : everyState()) {
      Generation submitted = insert(newOwner());
      Generation next = inState(submitted, state);

      assertThat(generations().save(next)).as("%s", state).isEqualTo(Saving.SAVED);

      assertThat(generations().find(submitted.id())).contains(next);
    }
  }

  private static List<State> everyState() {
    var id = newGeneration(newOwner()).id();
    var asset = dev.atelier.domain.Generations.asset(id, 0);
    var failure = new Failure(Failure.Code.OUTPUT_EXPIRED, "not found");
    var video =
        new dev.atelier.domain.Asset(
            BlobKey.of(id, 2, MediaType.MP4), MediaType.MP4, 5_000_000_000L, "f".repeat(64));
    List<OutputStatus> outputs =
        List.of(
            new OutputStatus.Awaiting(new Output("https://cdn.skytells.ai/a?sig=\"x\"&y=ü")),
            new OutputStatus.Awaiting(
                new Output("data:image/png;base64," + "iVBORw0K".repeat(100_000)),
                Optional.of(LATER)),
            new OutputStatus.Stored(asset),
            new OutputStatus.Lost(failure));
    return List.of(
        new State.Submitting(),
        new State.Queued(prediction()),
        new State.Processing(prediction()),
        new State.Processing(prediction(), Optional.of(LATER)),
        new State.Canceling(Optional.empty()),
        new State.Canceling(Optional.of(prediction())),
        new State.Storing(prediction(), outputs, LATER.plusSeconds(300)),
        new State.Succeeded(prediction(), List.of(asset, video), LATER),
        new State.Failed(Optional.of(prediction()), failure, List.of(asset), LATER),
        new State.Failed(Optional.empty(), failure, List.of(), LATER),
        new State.Canceled(prediction(), LATER));
  }

  @Test
  default void storesEveryMediaType() {
    Generation submitted = insert(newOwner());
    List<dev.atelier.domain.Asset> assets =
        Stream.of(MediaType.values())
            .map(
                type ->
                    new dev.atelier.domain.Asset(
                        BlobKey.of(submitted.id(), 0, type), type, 1, "f".repeat(64)))
            .toList();
    Generation next = inState(submitted, new State.Succeeded(prediction(), assets, LATER));

    assertThat(generations().save(next)).isEqualTo(Saving.SAVED);

    assertThat(generations().find(submitted.id())).contains(next);
  }

  @Test
  default void storesEveryFailureCode() {
    for (Failure.Code code : Failure.Code.values()) {
      Generation submitted = insert(newOwner());
      Generation failed =
          observe(submitted, new Observation.SubmissionRefused(new Failure(code, "")));

      assertThat(generations().save(failed)).isEqualTo(Saving.SAVED);

      assertThat(generations().find(submitted.id())).contains(failed);
    }
  }

  @Test
  default void findsAGenerationByItsPrediction() {
    Generation submitted = insert(newOwner());
    PredictionId prediction = prediction();
    Generation queued = observe(submitted, new Prediction.Queued(prediction));

    assertThat(generations().save(queued)).isEqualTo(Saving.SAVED);

    assertThat(generations().findByPrediction(prediction)).contains(queued);
  }

  @Test
  default void aPredictionBelongsToOneGenerationOnly() {
    PredictionId prediction = prediction();
    Generation first = insert(newOwner());
    Generation second = insert(newOwner());
    assertThat(generations().save(observe(first, new Prediction.Queued(prediction))))
        .isEqualTo(Saving.SAVED);

    assertThat(generations().save(observe(second, new Prediction.Processing(prediction))))
        .isEqualTo(Saving.PREDICTION_TAKEN);

    assertThat(generations().find(second.id())).contains(second);
  }

  @Test
  default void onlyOneWriterOfARevisionSucceeds() {
    Generation submitted = insert(newOwner());
    PredictionId prediction = prediction();
    Generation first = observe(submitted, new Prediction.Queued(prediction));
    Generation second = observe(submitted, new Prediction.Processing(prediction));

    assertThat(generations().save(second)).isEqualTo(Saving.SAVED);
    assertThat(generations().save(first)).isEqualTo(Saving.CONFLICT);
    assertThat(generations().save(second)).isEqualTo(Saving.CONFLICT);

    assertThat(generations().find(submitted.id())).contains(second);
  }

  @Test
  default void doesNotSaveAnUnknownGeneration() {
    Generation submitted = newGeneration(newOwner());

    assertThat(generations().save(observe(submitted, new Prediction.Queued(prediction()))))
        .isEqualTo(Saving.CONFLICT);
    assertThat(generations().find(submitted.id())).isEmpty();
  }

  @Test
  default void rejectsTheEleventhActiveGeneration() {
    UserId owner = newOwner();
    for (int i = 0; i < 10; i++) {
      insert(owner);
    }

    Generation eleventh = newGeneration(owner);
    assertThat(generations().insert(eleventh, Optional.empty(), 10))
        .isEqualTo(new Insertion.LimitReached());
    assertThat(generations().find(eleventh.id())).isEmpty();
    assertThat(generations().insert(newGeneration(newOwner()), Optional.empty(), 10))
        .isEqualTo(new Insertion.Inserted());
  }

  @Test
  default void onlyAnEndedGenerationFreesQuota() {
    for (State state : everyState()) {
      UserId owner = newOwner();
      Generation submitted = insert(owner);
      Generation next = inState(submitted, state);
      assertThat(generations().save(next)).isEqualTo(Saving.SAVED);

      assertThat(generations().insert(newGeneration(owner), Optional.empty(), 1))
          .as("%s", state)
          .isEqualTo(next.isActive() ? new Insertion.LimitReached() : new Insertion.Inserted());
    }
  }

  @Test
  default void exactlyTenOfSixtyConcurrentInsertsSucceed() throws Exception {
    UserId owner = newOwner();
    List<Callable<Insertion>> calls = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      Generation generation = newGeneration(owner);
      calls.add(() -> generations().insert(generation, Optional.empty(), 10));
    }

    var insertions = new ArrayList<Insertion>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Insertion> call : threads.invokeAll(calls)) {
        insertions.add(call.get());
      }
    }

    assertThat(insertions).filteredOn(new Insertion.Inserted()::equals).hasSize(10);
    assertThat(insertions).filteredOn(new Insertion.LimitReached()::equals).hasSize(50);
  }

  @Test
  default void aUsedKeyReturnsItsGeneration() {
    Generation first = newGeneration(newOwner());
    assertThat(insert(first, KEY)).isEqualTo(new Insertion.Inserted());
    Generation queued = observe(first, new Prediction.Queued(prediction()));
    assertThat(generations().save(queued)).isEqualTo(Saving.SAVED);

    Generation second = newGeneration(first.owner());
    assertThat(insert(second, KEY)).isEqualTo(new Insertion.KeyTaken(queued));

    assertThat(generations().find(second.id())).isEmpty();
    assertThat(insert(second, new IdempotencyKey("another"))).isEqualTo(new Insertion.Inserted());
    assertThat(insert(newGeneration(newOwner()), KEY)).isEqualTo(new Insertion.Inserted());
  }

  @Test
  default void reportsAUsedKeyEvenAtTheLimit() {
    Generation first = newGeneration(newOwner());
    assertThat(generations().insert(first, Optional.of(KEY), 1))
        .isEqualTo(new Insertion.Inserted());

    assertThat(generations().insert(newGeneration(first.owner()), Optional.of(KEY), 1))
        .isEqualTo(new Insertion.KeyTaken(first));
  }

  @Test
  default void aRejectedInsertDoesNotUseTheKey() {
    UserId owner = newOwner();
    assertThat(generations().insert(newGeneration(owner), Optional.of(KEY), 0))
        .isEqualTo(new Insertion.LimitReached());

    assertThat(insert(newGeneration(owner), KEY)).isEqualTo(new Insertion.Inserted());
  }

  @Test
  default void aReleasedKeyCanBeReused() {
    Generation first = newGeneration(newOwner());
    assertThat(insert(first, KEY)).isEqualTo(new Insertion.Inserted());
    Generation refused =
        observe(
            first,
            new Observation.SubmissionRefused(new Failure(Failure.Code.PROVIDER_BUSY, "busy")));
    assertThat(generations().save(refused)).isEqualTo(Saving.SAVED);

    Generation second = newGeneration(first.owner());
    assertThat(insert(second, KEY)).isEqualTo(new Insertion.Inserted());

    assertThat(insert(newGeneration(first.owner()), KEY)).isEqualTo(new Insertion.KeyTaken(second));
    assertThat(generations().find(first.id())).contains(refused);
  }

  @Test
  default void exactlyOneOfFortyConcurrentInsertsWithOneKeySucceeds() throws Exception {
    UserId owner = newOwner();
    List<Callable<Insertion>> calls = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Generation generation = newGeneration(owner);
      calls.add(() -> insert(generation, KEY));
    }

    var insertions = new ArrayList<Insertion>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Insertion> call : threads.invokeAll(calls)) {
        insertions.add(call.get());
      }
    }

    assertThat(insertions).filteredOn(new Insertion.Inserted()::equals).hasSize(1);
    assertThat(insertions)
        .filteredOn(Insertion.KeyTaken.class::isInstance)
        .hasSize(39)
        .containsOnly(
            insertions.stream()
                .filter(Insertion.KeyTaken.class::isInstance)
                .findAny()
                .orElseThrow());
  }

  /** The key of these tests; each test has its own owner. */
  IdempotencyKey KEY = new IdempotencyKey("key \"1\" \\");

  private Insertion insert(Generation generation, IdempotencyKey key) {
    return generations().insert(generation, Optional.of(key), 10);
  }

  @Test
  default void listsTheNewestFirst() {
    UserId owner = newOwner();
    Generation oldest = insert(owner, LATER);
    Generation newest = insert(owner, LATER.plusSeconds(2));
    Generation between = insert(owner, LATER.plusSeconds(1));

    assertThat(generations().list(Optional.of(owner), ALL, Optional.empty(), 10))
        .containsExactly(newest, between, oldest);
    assertThat(generations().list(Optional.of(newOwner()), ALL, Optional.empty(), 10)).isEmpty();
  }

  @Test
  default void listsTheGenerationsOfAllOwners() {
    Instant farAhead = LATER.plus(Duration.ofDays(400));
    Generation first = insert(newOwner(), farAhead);
    Generation second = insert(newOwner(), farAhead.plusSeconds(1));

    assertThat(generations().list(Optional.empty(), ALL, Optional.empty(), 2))
        .containsExactly(second, first);
  }

  @Test
  default void listsByStatus() {
    UserId owner = newOwner();
    Instant time = LATER;
    for (State state : everyState()) {
      time = time.plusSeconds(1);
      Generation submitted = insert(owner, time);
      assertThat(generations().save(inState(submitted, state))).isEqualTo(Saving.SAVED);
    }

    for (Status status : Status.values()) {
      assertThat(generations().list(Optional.of(owner), EnumSet.of(status), Optional.empty(), 20))
          .as("%s", status)
          .isNotEmpty()
          .isEqualTo(
              generations().list(Optional.of(owner), ALL, Optional.empty(), 20).stream()
                  .filter(generation -> StateName.of(generation.state()).status() == status)
                  .toList());
    }
    assertThat(
            generations()
                .list(
                    Optional.of(owner),
                    EnumSet.of(Status.QUEUED, Status.FAILED),
                    Optional.empty(),
                    10))
        .extracting(generation -> StateName.of(generation.state()).status())
        .containsExactly(Status.FAILED, Status.FAILED, Status.QUEUED, Status.QUEUED);
  }

  @Test
  default void pagingSkipsAndRepeatsNothingDuringInserts() {
    UserId owner = newOwner();
    var existing = new ArrayList<GenerationId>();
    for (int i = 0; i < 50; i++) { // most have the same creation time
      existing.add(insert(owner, i % 10 == 0 ? LATER.plusNanos(1000L * i) : LATER).id());
    }

    var listed = new ArrayList<Generation>();
    Optional<Position> after = Optional.empty();
    do {
      List<Generation> page = generations().list(Optional.of(owner), ALL, after, 7);
      listed.addAll(page);
      after = page.isEmpty() ? Optional.empty() : Optional.of(Position.of(page.getLast()));
      insert(owner, LATER); // also from instances whose clocks differ
      insert(owner, LATER.minusSeconds(1));
      insert(owner, LATER.plusSeconds(1));
    } while (after.isPresent());

    assertThat(listed).extracting(Generation::id).doesNotHaveDuplicates().containsAll(existing);
    assertThat(listed).isSortedAccordingTo(Comparator.comparing(Generation::createdAt).reversed());
  }

  @Test
  default void distinguishesAnUnreadableGenerationFromAMissingOne() {
    PredictionId prediction = prediction();
    Generation queued = insertInState(new State.Queued(prediction));
    makeUnreadable(queued.id());

    assertThatThrownBy(() -> generations().find(queued.id()))
        .satisfies(e -> assertIdentifies(queued, e));
    assertThatThrownBy(() -> generations().findByPrediction(prediction))
        .satisfies(e -> assertIdentifies(queued, e));

    makeReadable(queued.id());
    assertThat(generations().find(queued.id())).contains(queued);
  }

  private static void assertIdentifies(Generation generation, Throwable thrown) {
    assertThat(thrown)
        .isInstanceOfSatisfying(
            UnreadableGenerationException.class,
            e -> {
              assertThat(e.id()).isEqualTo(generation.id());
              assertThat(e.owner()).contains(generation.owner());
              assertThat(e.deleted()).isEqualTo(generation.deleted());
            });
  }

  @Test
  default void reportsThatAnUnreadableGenerationIsDeleted() {
    Generation deleted = delete(insertInState(storingState()));
    makeUnreadable(deleted.id());

    assertThatThrownBy(() -> generations().find(deleted.id()))
        .satisfies(e -> assertIdentifies(deleted, e));
  }

  @Test
  default void omitsUnreadableGenerationsFromFullPages() {
    UserId owner = newOwner();
    var readable = new ArrayList<Generation>();
    for (int i = 0; i < 60; i++) {
      Generation generation = insert(owner, LATER.minusSeconds(i));
      boolean unreadable =
          i < 3 || (i > 10 && i < 40) || i == 59; // the first, many in a row and the last
      if (unreadable) {
        makeUnreadable(generation.id());
      } else {
        readable.add(generation);
      }
    }

    var listed = new ArrayList<Generation>();
    Optional<Position> after = Optional.empty();
    List<Generation> page;
    do {
      page = generations().list(Optional.of(owner), ALL, after, 4);
      listed.addAll(page);
      assertThat(page).hasSize(Math.min(4, readable.size() - listed.size() + page.size()));
      after = page.isEmpty() ? after : Optional.of(Position.of(page.getLast()));
    } while (!page.isEmpty());

    assertThat(listed).isEqualTo(readable);
  }

  @Test
  default void listsNothingIfAllGenerationsAreUnreadable() {
    UserId owner = newOwner();
    for (int i = 0; i < 10; i++) {
      makeUnreadable(insert(owner, LATER).id());
    }

    assertThat(generations().list(Optional.of(owner), ALL, Optional.empty(), 3)).isEmpty();
  }

  @Test
  default void anUnreadableGenerationUsesQuotaAndHoldsItsKey() {
    Generation submitted = newGeneration(newOwner());
    assertThat(insert(submitted, KEY)).isEqualTo(new Insertion.Inserted());
    makeUnreadable(submitted.id());

    Generation second = newGeneration(submitted.owner());
    assertThatThrownBy(() -> insert(second, KEY)).satisfies(e -> assertIdentifies(submitted, e));
    assertThat(generations().find(second.id())).isEmpty();
    assertThat(generations().insert(second, Optional.empty(), 1))
        .isEqualTo(new Insertion.LimitReached());
    assertThat(generations().insert(second, Optional.empty(), 2))
        .isEqualTo(new Insertion.Inserted());
  }

  @Test
  default void claimsSkipUnreadableGenerations() {
    claimEverything(LATER.plusSeconds(20));
    for (Work work : Work.values()) {
      var readable = new ArrayList<GenerationId>();
      for (int i = 0; i < 12; i++) {
        Generation generation = due(work);
        generations().postpone(generation, LATER.plusSeconds(i));
        if (i % 6 == 5) {
          readable.add(generation.id());
        } else {
          makeUnreadable(generation.id());
        }
      }

      assertThat(generations().claim(work, LATER.plusSeconds(20), LEASE, 2))
          .as("%s", work)
          .extracting(claim -> claim.generation().id())
          .containsExactlyInAnyOrderElementsOf(readable);
    }
  }

  private Generation due(Work work) {
    return switch (work) {
      case STORE -> insertInState(storingState());
      case OBSERVE -> insertInState(new State.Queued(prediction()));
      case REMOVE -> delete(insertInState(new State.Canceled(prediction(), LATER)));
    };
  }

  @Test
  default void retriesAnUnreadableGenerationWithBackOff() {
    Generation queued = insertInState(new State.Queued(prediction()));
    makeUnreadable(queued.id());
    Instant start = LATER.plusSeconds(20);
    int elapsed = 0;
    // The pause equals the time since the first failure, but is 10 s to 5 minutes.
    for (int next : new int[] {10, 20, 40, 80, 160, 320, 620, 920}) {
      assertThat(claims(queued, start.plusSeconds(elapsed))).isEmpty();
      makeReadable(queued.id());
      assertThat(claims(queued, start.plusSeconds(next).minusMillis(1))).as("%s", next).isEmpty();
      makeUnreadable(queued.id());
      elapsed = next;
    }
    makeReadable(queued.id());

    assertThat(claims(queued, start.plusSeconds(elapsed))).containsExactly(new Claim(queued, 0));
  }

  @Test
  default void aSaveEndsTheBackOff() {
    PredictionId prediction = prediction();
    Generation queued = insertInState(new State.Queued(prediction));
    makeUnreadable(queued.id());
    assertThat(claims(queued, LATER.plusSeconds(20))).isEmpty();
    makeReadable(queued.id());
    Generation processing = observe(queued, new Prediction.Processing(prediction));

    assertThat(generations().save(processing)).isEqualTo(Saving.SAVED);

    assertThat(claims(processing, LATER.plusSeconds(20))).containsExactly(new Claim(processing, 0));
  }

  /** All statuses. */
  Set<Status> ALL = EnumSet.allOf(Status.class);

  private Generation insert(UserId owner, Instant createdAt) {
    var id = newGeneration(owner).id();
    Generation submitted =
        dev.atelier.domain.Generations.create(
            id, owner, dev.atelier.domain.Generations.request(), createdAt);
    assertThat(generations().insert(submitted, Optional.empty(), 1000))
        .isEqualTo(new Insertion.Inserted());
    return submitted;
  }

  @Test
  default void everyUnfinishedGenerationBecomesDueAndIsClaimedOnce() {
    for (State state : everyState()) {
      Generation generation = insertInState(state);
      Optional<Instant> dueAt = generation.dueAt();

      assertThat(claims(generation, LATER.plusSeconds(9))).as("%s too early", state).isEmpty();
      List<Claim> claims = claims(generation, LATER.plusSeconds(20));
      assertThat(claims)
          .as("%s", state)
          .isEqualTo(dueAt.isPresent() ? List.of(new Claim(generation, 0)) : List.of());
      assertThat(claims(generation, LATER.plusSeconds(20))).as("%s again", state).isEmpty();
    }
  }

  @Test
  default void aGenerationIsDueAgainWhenItsLeaseExpires() {
    Generation storing = insertInState(storingState());
    assertThat(claims(storing, LATER.plusSeconds(20))).hasSize(1);

    assertThat(claims(storing, LATER.plusSeconds(20).plus(LEASE).minusMillis(1))).isEmpty();
    assertThat(claims(storing, LATER.plusSeconds(20).plus(LEASE)))
        .containsExactly(new Claim(storing, 1));
  }

  @Test
  default void aPostponedGenerationIsDueAtItsTimeAndCountsAttempts() {
    Generation queued = insertInState(new State.Queued(prediction()));
    assertThat(claims(queued, LATER.plusSeconds(20))).hasSize(1);

    generations().postpone(queued, LATER.plusSeconds(21));

    assertThat(claims(queued, LATER.plusMillis(20_999))).isEmpty();
    assertThat(claims(queued, LATER.plusSeconds(21))).containsExactly(new Claim(queued, 1));
  }

  @Test
  default void aSaveResetsAttemptsAndPostponements() {
    PredictionId prediction = prediction();
    Generation queued = insertInState(new State.Queued(prediction));
    assertThat(claims(queued, LATER.plusSeconds(20))).hasSize(1);
    Generation processing = observe(queued, new Prediction.Processing(prediction));
    assertThat(generations().save(processing)).isEqualTo(Saving.SAVED);

    generations().postpone(queued, LATER.plusSeconds(3600));

    assertThat(claims(processing, LATER.plusSeconds(20))).containsExactly(new Claim(processing, 0));
  }

  @Test
  default void anEndedGenerationIsNeverDueAgain() {
    PredictionId prediction = prediction();
    Generation queued = insertInState(new State.Queued(prediction));
    Generation canceled = observe(queued, new Prediction.Canceled(prediction));
    assertThat(generations().save(canceled)).isEqualTo(Saving.SAVED);

    generations().postpone(canceled, LATER);

    assertThat(claims(canceled, LATER.plusSeconds(3600))).isEmpty();
  }

  @Test
  default void storesADeletionAndReleasesTheKey() {
    Generation submitted = newGeneration(newOwner());
    assertThat(insert(submitted, KEY)).isEqualTo(new Insertion.Inserted());

    Generation deleted = delete(submitted);

    assertThat(generations().find(submitted.id())).contains(deleted);
    assertThat(insert(newGeneration(submitted.owner()), KEY)).isEqualTo(new Insertion.Inserted());
  }

  @Test
  default void doesNotListADeletedGeneration() {
    UserId owner = newOwner();
    Generation listed = insert(owner, LATER);
    delete(insert(owner, LATER.plusSeconds(1)));

    assertThat(generations().list(Optional.of(owner), ALL, Optional.empty(), 10))
        .containsExactly(listed);
  }

  @Test
  default void aDeletedGenerationUsesQuotaUntilItEnds() {
    UserId owner = newOwner();
    Generation deleted = delete(insert(owner));
    assertThat(generations().insert(newGeneration(owner), Optional.empty(), 1))
        .isEqualTo(new Insertion.LimitReached());

    assertThat(generations().save(observe(deleted, new Prediction.Canceled(prediction()))))
        .isEqualTo(Saving.SAVED);

    assertThat(generations().insert(newGeneration(owner), Optional.empty(), 1))
        .isEqualTo(new Insertion.Inserted());
  }

  @Test
  default void aDeletedGenerationIsDueUntilItIsRemoved() {
    for (State state : everyState()) {
      Generation deleted = delete(insertInState(state));
      Work work =
          !deleted.isActive()
              ? Work.REMOVE
              : deleted.state() instanceof State.Storing ? Work.STORE : Work.OBSERVE;

      assertThat(claims(work, deleted, LATER.plusSeconds(9))).as("%s too early", state).isEmpty();
      assertThat(claims(work, deleted, LATER.plusSeconds(20)))
          .as("%s", state)
          .containsExactly(new Claim(deleted, 0));
      generations().postpone(deleted, LATER.plusSeconds(30));
      assertThat(claims(work, deleted, LATER.plusSeconds(29))).as("%s postponed", state).isEmpty();
      assertThat(claims(work, deleted, LATER.plusSeconds(30)))
          .as("%s", state)
          .containsExactly(new Claim(deleted, 1));
    }
  }

  @Test
  default void removesOnlyDeletedGenerationsThatHaveEnded() {
    for (State state : everyState()) {
      Generation generation = insertInState(state);
      generations().remove(generation.id());
      assertThat(generations().find(generation.id())).as("%s", state).contains(generation);

      Generation deleted = delete(generation);
      generations().remove(deleted.id());
      generations().remove(deleted.id());
      assertThat(generations().find(deleted.id()))
          .as("%s deleted", state)
          .isEqualTo(deleted.isActive() ? Optional.of(deleted) : Optional.empty());
    }
  }

  private Generation delete(Generation generation) {
    Generation deleted = generation.delete(LATER).generation();
    assertThat(generations().save(deleted)).isEqualTo(Saving.SAVED);
    return deleted;
  }

  @Test
  default void claimsTheLongestDueUpToTheLimit() {
    claimEverything(LATER);
    Generation first = insertInState(storingState());
    Generation second = insertInState(storingState());
    Generation third = insertInState(storingState());
    generations().postpone(third, LATER.minusSeconds(3));
    generations().postpone(first, LATER.minusSeconds(2));
    generations().postpone(second, LATER.minusSeconds(1));

    assertThat(generations().claim(Work.STORE, LATER, LEASE, 2))
        .extracting(claim -> claim.generation().id())
        .containsExactlyInAnyOrder(third.id(), first.id());
  }

  @Test
  default void claimsOutputsByExpiryAndExpiredOnesLast() {
    claimEverything(LATER);
    Generation expired = insertInState(storingUntil(LATER));
    Generation late = insertInState(storingUntil(LATER.plusSeconds(200)));
    Generation soon = insertInState(storingUntil(LATER.plusSeconds(20)));
    for (Generation storing : List.of(expired, late, soon)) {
      generations().postpone(storing, LATER);
    }

    assertThat(claimNext(Work.STORE)).isEqualTo(soon.id());
    assertThat(claimNext(Work.STORE)).isEqualTo(late.id());
    assertThat(claimNext(Work.STORE)).isEqualTo(expired.id());
  }

  @Test
  default void claimsGenerationsDueForLongerThanTheRetentionLast() {
    claimEverything(LATER);
    Generation expired = insertInState(new State.Queued(prediction()));
    Generation first = insertInState(new State.Queued(prediction()));
    Generation second = insertInState(new State.Queued(prediction()));
    generations().postpone(expired, LATER.minus(State.RETENTION));
    generations().postpone(second, LATER.minusSeconds(1));
    generations().postpone(first, LATER.minus(State.RETENTION).plusSeconds(1));

    assertThat(claimNext(Work.OBSERVE)).isEqualTo(first.id());
    assertThat(claimNext(Work.OBSERVE)).isEqualTo(second.id());
    assertThat(claimNext(Work.OBSERVE)).isEqualTo(expired.id());
  }

  private GenerationId claimNext(Work work) {
    return generations().claim(work, LATER, LEASE, 1).getFirst().generation().id();
  }

  @Test
  default void countsRecentlyAcceptedGenerations() {
    Instant since = LATER.plusSeconds(100_000);
    accept(insert(newOwner(), since));
    insert(newOwner(), since.plusSeconds(1)); // not accepted
    accept(insert(newOwner(), since.plusSeconds(1)));
    accept(insert(newOwner(), since.plusSeconds(2)));

    assertThat(generations().acceptedSince(since)).isEqualTo(2);
  }

  private void accept(Generation submitted) {
    assertThat(generations().save(observe(submitted, new Prediction.Queued(prediction()))))
        .isEqualTo(Saving.SAVED);
  }

  @Test
  default void concurrentClaimsNeverGetTheSameGeneration() throws Exception {
    claimEverything(LATER);
    for (int i = 0; i < 40; i++) {
      generations().postpone(insertInState(storingState()), LATER);
    }
    List<Callable<List<Claim>>> calls = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      calls.add(() -> generations().claim(Work.STORE, LATER, LEASE, 5));
    }

    var taken = new ArrayList<Claim>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<List<Claim>> call : threads.invokeAll(calls)) {
        taken.addAll(call.get());
      }
    }

    assertThat(taken).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(40);
    while (true) {
      List<Claim> remaining = generations().claim(Work.STORE, LATER, LEASE, 5);
      if (remaining.isEmpty()) {
        break;
      }
      taken.addAll(remaining);
    }
    assertThat(taken).doesNotHaveDuplicates().hasSize(40);
  }

  /** The lease of these tests. */
  Duration LEASE = Duration.ofSeconds(30);

  private void claimEverything(Instant now) {
    for (Work work : Work.values()) {
      while (!generations().claim(work, now, Duration.ofDays(1), 1000).isEmpty()) {
        // Generations of other tests must not be due.
      }
    }
  }

  private List<Claim> claims(Generation generation, Instant now) {
    return claims(
        generation.state() instanceof State.Storing ? Work.STORE : Work.OBSERVE, generation, now);
  }

  private List<Claim> claims(Work work, Generation generation, Instant now) {
    return generations().claim(work, now, LEASE, 10_000).stream()
        .filter(claim -> claim.generation().id().equals(generation.id()))
        .toList();
  }

  private static State storingState() {
    return storingUntil(LATER.plusSeconds(300));
  }

  private static State storingUntil(Instant expiry) {
    return new State.Storing(
        prediction(),
        List.of(new OutputStatus.Awaiting(dev.atelier.domain.Generations.OUTPUT)),
        expiry);
  }

  private static Generation inState(Generation submitted, State state) {
    return new Generation(
        submitted.id(),
        submitted.owner(),
        submitted.request(),
        submitted.createdAt(),
        LATER,
        1,
        false,
        submitted.cost(),
        state);
  }

  private Generation insertInState(State state) {
    Generation submitted = insert(newOwner());
    Generation next = inState(submitted, state);
    assertThat(generations().save(next)).isEqualTo(Saving.SAVED);
    return next;
  }

  private Generation insert(UserId owner) {
    Generation submitted = newGeneration(owner);
    assertThat(generations().insert(submitted, Optional.empty(), 10))
        .isEqualTo(new Insertion.Inserted());
    return submitted;
  }

  private static Generation newGeneration(UserId owner) {
    return dev.atelier.domain.Generations.begun(owner);
  }

  private static Generation observe(Generation generation, Observation observation) {
    return generation.observe(observation, LATER).generation();
  }

  private static UserId newOwner() {
    return new UserId("user-" + UUID.randomUUID());
  }

  private static PredictionId prediction() {
    return new PredictionId("pred_" + UUID.randomUUID());
  }
}
