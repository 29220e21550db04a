package dev.atelier.application;

import dev.atelier.application.InvalidRequestException.FieldError;
import dev.atelier.domain.AllowedModels;
import dev.atelier.domain.GenerationRequest;
import dev.atelier.domain.ImageOptions;
import dev.atelier.domain.InvalidValueException;
import dev.atelier.domain.Model;
import dev.atelier.domain.NegativePrompt;
import dev.atelier.domain.Options;
import dev.atelier.domain.Prompt;
import dev.atelier.domain.VideoOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * What may be asked for: turns a command's plain values into a request, or tells every rule they
 * break.
 *
 * @param models the allow-list and the default
 * @param promptMaxLength in characters
 */
public record RequestRules(AllowedModels models, int promptMaxLength) {

  GenerationRequest check(GenerateImage.Command command) {
    var errors = new ArrayList<FieldError>();
    Optional<Prompt> prompt = valid(errors, () -> Prompt.of(command.prompt(), promptMaxLength));
    Optional<Model> model =
        valid(errors, () -> command.model().map(models::named).orElse(models.standard()));
    Optional<? extends Options> options =
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
      GenerateImage.Command command, List<FieldError> errors) {
    var standard = ImageOptions.DEFAULT;
    refuse(errors, "durationSeconds", command.durationSeconds().isPresent());
    int width = command.width().orElse(standard.width());
    int height = command.height().orElse(standard.height());
    int steps = command.numInferenceSteps().orElse(standard.numInferenceSteps());
    int outputs = command.numOutputs().orElse(standard.numOutputs());
    OptionalLong seed = command.seed();
    Optional<NegativePrompt> negativePrompt =
        valid(
            errors,
            () ->
                command.negativePrompt().map(NegativePrompt::of).orElse(standard.negativePrompt()));
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
      GenerateImage.Command command, List<FieldError> errors) {
    refuse(errors, "width", command.width().isPresent());
    refuse(errors, "height", command.height().isPresent());
    refuse(errors, "negativePrompt", command.negativePrompt().isPresent());
    refuse(errors, "numInferenceSteps", command.numInferenceSteps().isPresent());
    refuse(errors, "numOutputs", command.numOutputs().isPresent());
    refuse(errors, "seed", command.seed().isPresent());
    return valid(
        errors,
        () ->
            command.durationSeconds().isPresent()
                ? new VideoOptions(command.durationSeconds().getAsInt())
                : VideoOptions.DEFAULT);
  }

  private static void refuse(List<FieldError> errors, String field, boolean present) {
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
