package dev.atelier.domain;

/** A validated request for a generation. */
public record GenerationRequest(Model model, Prompt prompt, GenerationOptions generationOptions) {
  public GenerationRequest {
    Model.Kind kind =
        switch (generationOptions) {
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
        && prompt.saysTheSameAs(other.prompt)
        && cleaned(generationOptions).equals(cleaned(other.generationOptions));
  }

  private static GenerationOptions cleaned(GenerationOptions generationOptions) {
    return switch (generationOptions) {
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
