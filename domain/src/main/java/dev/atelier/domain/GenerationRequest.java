package dev.atelier.domain;

import java.util.List;
import java.util.Optional;

/**
 * A validated request for a generation.
 *
 * @param prompt empty if the model needs none
 * @param options what the client set, with the defaults for the model's kind
 * @param parameters what the client set under the model's own names
 * @param input what is sent to the model; empty in rows of versions that did not record it. The
 *     URLs of {@code files} are unsigned.
 * @param files the stored files in {@code input}
 * @param price of the model when the request was accepted; empty if unknown
 */
public record GenerationRequest(
    Model model,
    Optional<Prompt> prompt,
    GenerationOptions options,
    ModelInput parameters,
    Optional<ModelInput> input,
    List<InputFile> files,
    Optional<Price> price) {
  public GenerationRequest {
    options = options.orElse(GenerationOptions.defaults(model.kind()));
    files = List.copyOf(files);
  }

  /** The same request with the parameters that are sent. */
  public GenerationRequest withInput(ModelInput sent) {
    return new GenerationRequest(
        model, prompt, options, parameters, Optional.of(sent), files, price);
  }

  /**
   * Whether a client asked for the same, after today's text cleaning. A request stored before an
   * upgrade may have been cleaned by older rules. Ignores {@code input}, which also depends on the
   * model's schema at that time.
   */
  public boolean isEquivalentTo(GenerationRequest other) {
    return model.slug().equalsIgnoreCase(other.model.slug())
        && prompt.map(Prompt::cleaned).equals(other.prompt.map(Prompt::cleaned))
        && cleaned(options).equals(cleaned(other.options))
        && parameters.cleaned().equals(other.parameters.cleaned());
  }

  private static GenerationOptions cleaned(GenerationOptions options) {
    return new GenerationOptions(
        options.width(),
        options.height(),
        options.numInferenceSteps(),
        options.negativePrompt().map(text -> NegativePrompt.of(text.value())),
        options.numOutputs(),
        options.seed(),
        options.durationSeconds());
  }
}
