package dev.atelier.persistence.postgres;

import dev.atelier.application.port.Generations.Insertion;
import dev.atelier.application.port.Generations.Saving;
import dev.atelier.application.port.Generations.Work;
import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.Cost;
import dev.atelier.domain.Dimensions;
import dev.atelier.domain.Failure;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.GenerationOptions;
import dev.atelier.domain.GenerationRequest;
import dev.atelier.domain.IdempotencyKey;
import dev.atelier.domain.MediaType;
import dev.atelier.domain.Model;
import dev.atelier.domain.ModelInput;
import dev.atelier.domain.NegativePrompt;
import dev.atelier.domain.Output;
import dev.atelier.domain.OutputStatus;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.Price;
import dev.atelier.domain.Prompt;
import dev.atelier.domain.State;
import dev.atelier.domain.StateName;
import dev.atelier.domain.Status;
import dev.atelier.domain.UserId;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Writes and reads rows. {@link PreviousVersionIT} runs this version's class and the previous
 * version's side by side, so both have the same methods, in types of the JDK, and describe a row in
 * the same words.
 */
public final class RowSamples {
  private static final Instant CREATED = Instant.parse("2026-11-20T10:00:00.123456Z");
  private static final Instant MOVED = CREATED.plusSeconds(6);

  private RowSamples() {}

  /**
   * Writes a row in every state, and one for every failure code and media type.
   *
   * @return what each row is about, by its id: the code or type, or the state
   */
  public static Map<String, String> write(String url, String owner) {
    var ids = new LinkedHashMap<String, String>();
    try (var database = open(url)) {
      var generations = new PostgresGenerations(database);
      for (State state : states()) {
        String name = StateName.of(state).value();
        ids.put(insert(generations, owner, picture(), state), name);
        ids.put(insert(generations, owner, video(), renewed(state)), name);
      }
      ids.put(insert(generations, owner, song(), new State.Submitting()), "audio");
      for (Failure.Code code : Failure.Code.values()) {
        var failed = new State.Failed(Optional.empty(), failure(code), List.of(), MOVED);
        ids.put(insert(generations, owner, picture(), failed), code.value());
      }
      for (MediaType type : MediaType.values()) {
        var succeeded = new State.Succeeded(prediction(), List.of(asset(type)), MOVED);
        ids.put(insert(generations, owner, picture(), succeeded), type.value());
      }
    }
    return ids;
  }

  /** What each of these rows says, by its id; or that it is unreadable. */
  public static Map<String, String> read(String url, List<String> ids) {
    var descriptions = new LinkedHashMap<String, String>();
    try (var database = open(url)) {
      var generations = new PostgresGenerations(database);
      for (String id : ids) {
        descriptions.put(id, read(generations, new GenerationId(UUID.fromString(id))));
      }
    }
    return descriptions;
  }

  private static String read(PostgresGenerations generations, GenerationId id) {
    try {
      return describe(generations.find(id).orElseThrow());
    } catch (RuntimeException e) {
      return "unreadable";
    }
  }

  /** The ids of the owner's list, newest first. */
  public static List<String> list(String url, String owner) {
    try (var database = open(url)) {
      return new PostgresGenerations(database)
              .list(
                  Optional.of(new UserId(owner)),
                  EnumSet.allOf(Status.class),
                  Optional.empty(),
                  1000)
              .stream()
              .map(generation -> generation.id().toString())
              .toList();
    }
  }

  /** The ids of everything that is due a day later; all of it is leased then. */
  public static List<String> claim(String url) {
    var ids = new ArrayList<String>();
    try (var database = open(url)) {
      var generations = new PostgresGenerations(database);
      for (Work work : Work.values()) {
        generations
            .claim(work, CREATED.plus(Duration.ofDays(1)), Duration.ofMinutes(1), 1000)
            .forEach(claim -> ids.add(claim.generation().id().toString()));
      }
    }
    return ids;
  }

  private static PostgresDatabase open(String url) {
    var database =
        new PostgresDatabase(
            new PostgresSettings(
                PostgresUrl.parse(url), 2, Duration.ofSeconds(30), Duration.ofSeconds(10)));
    database.start();
    return database;
  }

  private static String insert(
      PostgresGenerations generations, String owner, GenerationRequest request, State state) {
    var id = new GenerationId(UUID.randomUUID());
    var user = new UserId(owner);
    var submitting =
        new Generation(
            id, user, request, CREATED, CREATED, 0, false, cost(), new State.Submitting());
    var key = Optional.of(new IdempotencyKey(id.toString()));
    if (!(generations.insert(submitting, key, 1000) instanceof Insertion.Inserted)) {
      throw new IllegalStateException("not inserted");
    }
    var changed = new Generation(id, user, request, CREATED, MOVED, 1, false, cost(), state);
    if (generations.save(changed) != Saving.SAVED) {
      throw new IllegalStateException("not saved");
    }
    return id.toString();
  }

  private static Optional<Cost> cost() {
    return Optional.of(new Cost(new BigDecimal("0.05"), "USD", true));
  }

  private static GenerationRequest picture() {
    return request(
        new Model("truefusion-pro", Model.Kind.IMAGE),
        "ein Käse 🧀\n\n\"quoted\" \\",
        new GenerationOptions(
            OptionalInt.of(256),
            OptionalInt.of(2048),
            OptionalInt.of(7),
            Optional.of(new NegativePrompt("blurry")),
            OptionalInt.of(4),
            OptionalLong.of(4294967295L),
            OptionalInt.empty()));
  }

  private static GenerationRequest video() {
    return request(
        new Model("truefusion-video-pro", Model.Kind.VIDEO),
        "waves",
        new GenerationOptions(
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            OptionalLong.empty(),
            OptionalInt.of(12)));
  }

  private static GenerationRequest request(Model model, String prompt, GenerationOptions options) {
    return new GenerationRequest(
        model,
        Optional.of(new Prompt(prompt)),
        options,
        new ModelInput(Map.of("guidance", 3.5)),
        Optional.of(new ModelInput(Map.of("prompt", prompt, "guidance", 3.5))),
        List.of(),
        Optional.of(new Price(new BigDecimal("0.05"), "USD", "image")));
  }

  private static GenerationRequest song() {
    return new GenerationRequest(
        new Model("beatfusion-2.0", Model.Kind.AUDIO),
        Optional.empty(),
        GenerationOptions.NONE,
        new ModelInput(Map.of("lyrics", "la la")),
        Optional.of(new ModelInput(Map.of("lyrics", "la la"))),
        List.of(),
        Optional.empty());
  }

  private static List<State> states() {
    var failure = failure(Failure.Code.OUTPUT_EXPIRED);
    List<OutputStatus> outputs =
        List.of(
            new OutputStatus.Awaiting(new Output("https://cdn.skytells.ai/a?sig=\"x\"&y=ü")),
            new OutputStatus.Stored(asset(MediaType.PNG)),
            new OutputStatus.Lost(failure));
    return List.of(
        new State.Submitting(),
        new State.Queued(prediction()),
        new State.Processing(prediction()),
        new State.Canceling(Optional.empty()),
        new State.Canceling(Optional.of(prediction())),
        new State.Storing(prediction(), outputs, MOVED.plusSeconds(300)),
        new State.Succeeded(
            prediction(), List.of(asset(MediaType.PNG), asset(MediaType.MP4)), MOVED),
        new State.Failed(Optional.of(prediction()), failure, List.of(asset(MediaType.JPEG)), MOVED),
        new State.Canceled(prediction(), MOVED));
  }

  /** The same state of another prediction, since each belongs to one row only. */
  private static State renewed(State state) {
    return states().stream()
        .filter(other -> other.getClass().equals(state.getClass()))
        .filter(other -> other.prediction().isPresent() == state.prediction().isPresent())
        .findFirst()
        .orElseThrow();
  }

  private static PredictionId prediction() {
    return new PredictionId("pred_" + UUID.randomUUID());
  }

  private static Failure failure(Failure.Code code) {
    return new Failure(code, "what upstream said: \"no\"");
  }

  private static Asset asset(MediaType type) {
    var key = BlobKey.of(new GenerationId(UUID.randomUUID()), 0, type);
    return new Asset(key, type, 5_000_000_000L, "f".repeat(64))
        .measured(Optional.of(new Dimensions(1024, 768)));
  }

  private static String describe(Generation generation) {
    GenerationRequest request = generation.request();
    GenerationOptions set = request.options();
    String options =
        switch (request.model().kind()) {
          case IMAGE ->
              "%d %d %d %s %d %s"
                  .formatted(
                      set.width().orElseThrow(),
                      set.height().orElseThrow(),
                      set.numInferenceSteps().orElseThrow(),
                      set.negativePrompt().orElseThrow().value(),
                      set.numOutputs().orElseThrow(),
                      set.seed());
          case VIDEO -> Integer.toString(set.durationSeconds().orElseThrow());
          case AUDIO -> request.parameters().values().toString();
        };
    return String.join(
        " | ",
        generation.owner().value(),
        request.model().slug(),
        request.model().kind().name(),
        request.prompt().map(Prompt::value).orElse(""),
        options,
        generation.createdAt().toString(),
        generation.updatedAt().toString(),
        Integer.toString(generation.revision()),
        Boolean.toString(generation.deleted()),
        describe(generation.state()));
  }

  private static String describe(State state) {
    String particular =
        switch (state) {
          case State.Storing storing ->
              storing.expiresAt()
                  + storing.outputs().stream().map(RowSamples::describe).toList().toString();
          case State.Failed failed -> describe(failed.failure());
          default -> "";
        };
    return String.join(
        " | ",
        StateName.of(state).value(),
        state.prediction().toString(),
        state.endedAt().toString(),
        state.storedAssets().stream().map(RowSamples::describe).toList().toString(),
        particular);
  }

  private static String describe(OutputStatus output) {
    return switch (output) {
      case OutputStatus.Awaiting awaiting -> awaiting.output().url();
      case OutputStatus.Stored stored -> describe(stored.asset());
      case OutputStatus.Lost lost -> describe(lost.failure());
    };
  }

  private static String describe(Failure failure) {
    return failure.code().value() + " " + failure.diagnostic();
  }

  private static String describe(Asset asset) {
    return "%s %s %d %s %s"
        .formatted(
            asset.key(), asset.type().value(), asset.bytes(), asset.sha256(), asset.dimensions());
  }
}
