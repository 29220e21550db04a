package dev.atelier.domain;

/** A validated request for a generation. */
public record GenerationRequest(Model model, Prompt prompt, GenerationOptions options) {
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
   * Whether both requests are equal after today's text cleaning. A request stored before an upgrade
   * may have been cleaned by older rules.
   */
  public boolean isEquivalentTo(GenerationRequest other) {
    return model.equals(other.model)
        && prompt.isEquivalentTo(other.prompt)
        && cleaned(options).equals(cleaned(other.options));
  }

  private static GenerationOptions cleaned(GenerationOptions options) {
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
