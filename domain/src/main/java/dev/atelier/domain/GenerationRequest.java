package dev.atelier.domain;

/** A validated request for a generation. */
public record GenerationRequest(Model model, Prompt prompt, Options options) {
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
