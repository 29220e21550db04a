package dev.atelier.domain;

/**
 * What a client asked for, after every check.
 *
 * @param options of the kind that the model makes
 */
public record GenerationRequest(Model model, Prompt prompt, Options options) {
  /**
   * @throws IllegalArgumentException when the options are of another kind than the model
   */
  public GenerationRequest {
    Model.Kind kind =
        switch (options) {
          case ImageOptions _ -> Model.Kind.IMAGE;
          case VideoOptions _ -> Model.Kind.VIDEO;
        };
    if (kind != model.kind()) {
      throw new IllegalArgumentException(model + " does not take these options");
    }
  }

  /**
   * Whether both ask for the same. Texts are compared as today's cleaning leaves them: a request
   * that is repeated after an upgrade meets one that was stored under the rules before it.
   */
  public boolean asksTheSameAs(GenerationRequest other) {
    return model.equals(other.model)
        && prompt.saysTheSameAs(other.prompt)
        && cleaned(options).equals(cleaned(other.options));
  }

  private static Options cleaned(Options options) {
    return switch (options) {
      case ImageOptions image ->
          new ImageOptions(
              image.width(),
              image.height(),
              image.numInferenceSteps(),
              NegativePrompt.of(image.negativePrompt().value()),
              image.numOutputs(),
              image.seed());
      case VideoOptions video -> video;
    };
  }
}
