package dev.atelier.application.generate;

import dev.atelier.application.generate.InvalidRequestException.FieldError;
import dev.atelier.domain.AllowedModels;
import dev.atelier.domain.GenerationOptions;
import dev.atelier.domain.GenerationRequest;
import dev.atelier.domain.ImageOptions;
import dev.atelier.domain.InvalidValueException;
import dev.atelier.domain.Model;
import dev.atelier.domain.NegativePrompt;
import dev.atelier.domain.Prompt;
import dev.atelier.domain.VideoOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Validates a command and converts it to a request; reports all violations at once.
 *
 * @param promptMaxLength in characters
 */
public record GenerationRequestValidator(AllowedModels models, int promptMaxLength) {

  GenerationRequest check(CreateGeneration.Command command) {
    var errors = new ArrayList<FieldError>();
    Optional<Prompt> prompt = valid(errors, () -> Prompt.of(command.prompt(), promptMaxLength));
    Optional<Model> model =
        valid(errors, () -> command.model().map(models::bySlug).orElse(models.defaultModel()));
    Optional<? extends GenerationOptions> options =
        switch (model.map(Model::kind).orElse(Model.Kind.IMAGE)) {
          case IMAGE -> imageOptions(command, errors);
          case VIDEO -> videoOptions(command, errors);
        };
    if (!errors.isEmpty()) {
      throw new InvalidRequestException(errors);
    }
    return new GenerationRequest(model.orElseThrow(), prompt.orElseThrow(), options.orElseThrow());
  }

  private static Optional<ImageOptions> imageOptions(
      CreateGeneration.Command command, List<FieldError> errors) {
    var defaults = ImageOptions.DEFAULT;
    rejectIfPresent(errors, "durationSeconds", command.durationSeconds().isPresent());
    int width = command.width().orElse(defaults.width());
    int height = command.height().orElse(defaults.height());
    int steps = command.numInferenceSteps().orElse(defaults.numInferenceSteps());
    int outputs = command.numOutputs().orElse(defaults.numOutputs());
    OptionalLong seed = command.seed();
    Optional<NegativePrompt> negativePrompt =
        valid(
            errors,
            () ->
                command.negativePrompt().map(NegativePrompt::of).orElse(defaults.negativePrompt()));
    valid(errors, () -> ImageOptions.requireSize("width", width));
    valid(errors, () -> ImageOptions.requireSize("height", height));
    valid(errors, () -> ImageOptions.requireNumInferenceSteps(steps));
    valid(errors, () -> ImageOptions.requireNumOutputs(outputs));
    seed.ifPresent(value -> valid(errors, () -> ImageOptions.requireSeed(value)));
    return errors.isEmpty()
        ? Optional.of(
            new ImageOptions(width, height, steps, negativePrompt.orElseThrow(), outputs, seed))
        : Optional.empty();
  }

  private static Optional<VideoOptions> videoOptions(
      CreateGeneration.Command command, List<FieldError> errors) {
    rejectIfPresent(errors, "width", command.width().isPresent());
    rejectIfPresent(errors, "height", command.height().isPresent());
    rejectIfPresent(errors, "negativePrompt", command.negativePrompt().isPresent());
    rejectIfPresent(errors, "numInferenceSteps", command.numInferenceSteps().isPresent());
    rejectIfPresent(errors, "numOutputs", command.numOutputs().isPresent());
    rejectIfPresent(errors, "seed", command.seed().isPresent());
    return valid(
        errors,
        () ->
            command.durationSeconds().isPresent()
                ? new VideoOptions(command.durationSeconds().getAsInt())
                : VideoOptions.DEFAULT);
  }

  private static void rejectIfPresent(List<FieldError> errors, String field, boolean present) {
    if (present) {
      errors.add(new FieldError(field, "is not an option of this model"));
    }
  }

  private static <T> Optional<T> valid(List<FieldError> errors, Supplier<T> value) {
    try {
      return Optional.of(value.get());
    } catch (InvalidValueException e) {
      errors.add(new FieldError(e.field(), e.getMessage()));
      return Optional.empty();
    }
  }
}
