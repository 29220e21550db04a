package dev.atelier.domain;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Generations in every state, for tests. All share one prediction and one creation time. */
public final class Generations {
  /** Their creation time. */
  public static final Instant CREATED = Instant.parse("2026-11-20T10:00:00Z");

  /** Their prediction. */
  public static final PredictionId PREDICTION = new PredictionId("pred_abc123");

  /** The output of {@link #storing()}. */
  public static final Output OUTPUT = new Output("https://cdn.skytells.ai/outputs/pred_abc123.png");

  /** An image model. */
  public static final Model IMAGE_MODEL = new Model("truefusion-pro", Model.Kind.IMAGE);

  /** A video model. */
  public static final Model VIDEO_MODEL = new Model("truefusion-video-pro", Model.Kind.VIDEO);

  /** What {@link #request()} sends. */
  public static final ModelInput INPUT = new ModelInput(Map.of("prompt", "a lighthouse at dusk"));

  /** The price of {@link #request()}. */
  public static final Price PRICE = new Price(new BigDecimal("0.05"), "USD", "image");

  /** What {@link #request()} is expected to produce. */
  public static final Quantity ONE =
      new Quantity(Optional.of(BigDecimal.ONE), Optional.empty(), Optional.empty());

  private Generations() {}

  /** A request for an image. */
  public static GenerationRequest request() {
    return request(IMAGE_MODEL);
  }

  /** A request for this model, without an option. */
  public static GenerationRequest request(Model model) {
    return request(model, GenerationOptions.NONE);
  }

  /** A request for this model with these options. */
  public static GenerationRequest request(Model model, GenerationOptions options) {
    return new GenerationRequest(
        model,
        Optional.of(new Prompt("a lighthouse at dusk")),
        options,
        ModelInput.EMPTY,
        Optional.of(INPUT),
        List.of(),
        Optional.of(PRICE));
  }

  /** A new generation that is expected to produce {@link #ONE}. */
  public static Generation create(
      GenerationId id, UserId owner, GenerationRequest request, Instant now) {
    return Generation.create(id, owner, request, ONE, now);
  }

  /** A new generation of this owner, with a unique id. */
  public static Generation begun(UserId owner) {
    return create(new GenerationId(UUID.randomUUID()), owner, request(), CREATED);
  }

  /** A new generation. */
  public static Generation submitting() {
    return begun(UserId.ANONYMOUS);
  }

  /** Accepted by Skytells. */
  public static Generation queued() {
    return in(new State.Queued(PREDICTION));
  }

  /** Processing at Skytells. */
  public static Generation processing() {
    return in(new State.Processing(PREDICTION));
  }

  /** Waiting to be canceled. */
  public static Generation canceling() {
    return in(new State.Canceling(Optional.of(PREDICTION)));
  }

  /** Waiting to store one output. */
  public static Generation storing() {
    return storing(OUTPUT);
  }

  /** Waiting to store these outputs. */
  public static Generation storing(Output... outputs) {
    List<OutputStatus> awaiting =
        List.of(outputs).stream().<OutputStatus>map(OutputStatus.Awaiting::new).toList();
    return in(new State.Storing(PREDICTION, awaiting, CREATED.plus(State.RETENTION)));
  }

  /** With a stored image. */
  public static Generation succeeded() {
    Generation begun = submitting();
    return with(begun, new State.Succeeded(PREDICTION, List.of(asset(begun.id(), 0)), CREATED));
  }

  /** Failed at Skytells. */
  public static Generation failed() {
    return in(new State.Failed(Optional.of(PREDICTION), failure(), List.of(), CREATED));
  }

  /** Canceled. */
  public static Generation canceled() {
    return in(new State.Canceled(PREDICTION, CREATED));
  }

  /** The asset of an image. */
  public static Asset asset(GenerationId id, int index) {
    BlobKey key = BlobKey.of(id, index, MediaType.PNG);
    return new Asset(key, MediaType.PNG, 182_034, "0".repeat(64))
        .measured(Optional.of(new Dimensions(1024, 768)));
  }

  /** A failure. */
  public static Failure failure() {
    return new Failure(Failure.Code.GENERATION_FAILED, "out of memory");
  }

  private static Generation in(State state) {
    return with(submitting(), state);
  }

  /** The same generation, deleted. */
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
        generation.cost(),
        state);
  }
}
