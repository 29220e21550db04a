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
}
