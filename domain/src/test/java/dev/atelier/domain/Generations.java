package dev.atelier.domain;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Generations in every state, for tests. All are of one prediction and one instant. */
public final class Generations {
  /** When they were created. */
  public static final Instant CREATED = Instant.parse("2026-11-20T10:00:00Z");

  /** Their prediction. */
  public static final PredictionId PREDICTION = new PredictionId("pred_abc123");

  /** The output of {@link #storing()}. */
  public static final Output OUTPUT = new Output("https://cdn.skytells.ai/outputs/pred_abc123.png");

  /** An image model. */
  public static final Model IMAGE_MODEL = new Model("truefusion-pro", Model.Kind.IMAGE);

  /** A video model. */
  public static final Model VIDEO_MODEL = new Model("truefusion-video-pro", Model.Kind.VIDEO);

  private Generations() {}

  /** A plain request for a picture. */
  public static GenerationRequest request() {
    return new GenerationRequest(
        IMAGE_MODEL, new Prompt("a lighthouse at dusk"), ImageOptions.DEFAULT);
  }

  /** The owner's generation with an id of its own, as it begins. */
  public static Generation begun(UserId owner) {
    return Generation.begin(new GenerationId(UUID.randomUUID()), owner, request(), CREATED);
  }

  /** As it begins. */
  public static Generation submitting() {
    return begun(UserId.ANONYMOUS);
  }

  /** Accepted by Skytells. */
  public static Generation queued() {
    return in(new State.Queued(PREDICTION));
  }

  /** Under way at Skytells. */
  public static Generation processing() {
    return in(new State.Processing(PREDICTION));
  }

  /** To be called off. */
  public static Generation canceling() {
    return in(new State.Canceling(Optional.of(PREDICTION)));
  }

  /** With one output to be stored. */
  public static Generation storing() {
    return storing(OUTPUT);
  }

  /** With these outputs to be stored. */
  public static Generation storing(Output... outputs) {
    List<OutputStatus> awaiting =
        List.of(outputs).stream().<OutputStatus>map(OutputStatus.Awaiting::new).toList();
    return in(new State.Storing(PREDICTION, awaiting, CREATED.plus(State.RETENTION)));
  }

  /** With its picture in our storage. */
  public static Generation succeeded() {
    Generation begun = submitting();
    return with(begun, new State.Succeeded(PREDICTION, List.of(asset(begun.id(), 0)), CREATED));
  }

  /** Failed at Skytells. */
  public static Generation failed() {
    return in(new State.Failed(Optional.of(PREDICTION), failure(), List.of(), CREATED));
  }

  /** Called off. */
  public static Generation canceled() {
    return in(new State.Canceled(PREDICTION, CREATED));
  }

  /** A picture's asset. */
  public static Asset asset(GenerationId id, int index) {
    BlobKey key = BlobKey.of(id, index, MediaType.PNG);
    return new Asset(key, MediaType.PNG, 182_034, "0".repeat(64))
        .measured(Optional.of(new Dimensions(1024, 768)));
  }

  /** A reason to fail. */
  public static Failure failure() {
    return new Failure(Failure.Code.GENERATION_FAILED, "out of memory");
  }

  private static Generation in(State state) {
    return with(submitting(), state);
  }

  /** The same generation, to be removed once it has ended. */
  public static Generation deleted(Generation generation) {
    return generation.delete(generation.updatedAt()).generation();
  }

  /** The same generation in another state. */
  public static Generation with(Generation generation, State state) {
    return new Generation(
        generation.id(),
        generation.owner(),
        generation.request(),
        generation.createdAt(),
        generation.updatedAt(),
        generation.revision(),
        generation.deleted(),
        state);
  }
}
