package dev.atelier.application.generate;

import dev.atelier.application.generate.InvalidRequestException.FieldError;
import dev.atelier.application.port.InputBuilder;
import dev.atelier.application.port.InputBuilder.Violation;
import dev.atelier.application.port.ModelCatalog;
import dev.atelier.application.port.ModelCatalog.Lookup;
import dev.atelier.application.port.ModelCatalog.Offer;
import dev.atelier.domain.GenerationOptions;
import dev.atelier.domain.GenerationRequest;
import dev.atelier.domain.InputFile;
import dev.atelier.domain.InvalidValueException;
import dev.atelier.domain.Model;
import dev.atelier.domain.ModelInput;
import dev.atelier.domain.NegativePrompt;
import dev.atelier.domain.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Validates a command and converts it to a request; reports all violations at once. */
public final class GenerationRequestValidator {
  private static final String PROMPT = "prompt";

  private final GenerationRules rules;
  private final ModelCatalog catalog;
  private final InputBuilder inputBuilder;
  private final InputFiles inputFiles;

  public GenerationRequestValidator(
      GenerationRules rules,
      ModelCatalog catalog,
      InputBuilder inputBuilder,
      InputFiles inputFiles) {
    this.rules = rules;
    this.catalog = catalog;
    this.inputBuilder = inputBuilder;
    this.inputFiles = inputFiles;
  }

  /**
   * A command whose values are valid by themselves.
   *
   * @param request without {@code input}
   * @param options as the client set them, without defaults
   */
  record Checked(Offer offer, GenerationRequest request, GenerationOptions options) {}

  /**
   * Checks the values of a command.
   *
   * @throws InvalidRequestException if it is invalid
   */
  Checked check(CreateGeneration.Command command) {
    return check(command, this::offer);
  }

  /**
   * Checks the values of a command whose model was accepted earlier.
   *
   * @throws InvalidRequestException if it is invalid
   */
  Checked check(CreateGeneration.Command command, Model accepted) {
    return check(
        command,
        (slug, errors) ->
            slug.equalsIgnoreCase(accepted.slug())
                ? Optional.of(Offer.of(accepted))
                : offer(slug, errors));
  }

  private interface OfferLookup {
    Optional<Offer> find(String slug, List<FieldError> errors);
  }

  private Checked check(CreateGeneration.Command command, OfferLookup offers) {
    var errors = new ArrayList<FieldError>();
    Optional<InputFiles.Found> found =
        valid(errors, () -> inputFiles.find(command.parameters().cleaned()));
    ModelInput parameters = found.map(InputFiles.Found::parameters).orElse(ModelInput.EMPTY);
    List<InputFile> files = found.map(InputFiles.Found::files).orElse(List.of());
    Optional<Prompt> prompt = prompt(command, parameters, errors);
    Optional<Offer> offer =
        offers.find(command.model().orElse(rules.models().defaultModel()), errors);
    GenerationOptions options = options(command, errors);
    if (!errors.isEmpty()) {
      if (offer.isPresent() && found.isPresent()) {
        addViolations(
            errors, draft(offer.get().model(), command, prompt, options, parameters, files));
      }
      throw new InvalidRequestException(errors);
    }
    var request =
        new GenerationRequest(
            offer.orElseThrow().model(),
            prompt,
            options,
            parameters,
            Optional.empty(),
            files,
            offer.orElseThrow().price());
    return new Checked(offer.orElseThrow(), request, options);
  }

  /**
   * Translates the request to the parameters of its model.
   *
   * @throws InvalidRequestException if the model does not accept it
   */
  InputBuilder.Result.Built build(CreateGeneration.Command command, Checked checked) {
    GenerationRequest request = checked.request();
    InputBuilder.Draft draft =
        draft(
            request.model(),
            command,
            request.prompt(),
            checked.options(),
            request.parameters(),
            request.files());
    return switch (inputBuilder.build(draft)) {
      case InputBuilder.Result.Built built -> built;
      case InputBuilder.Result.Rejected rejected ->
          throw new InvalidRequestException(
              rejected.violations().stream()
                  .map(violation -> new FieldError(violation.field(), violation.message()))
                  .toList());
    };
  }

  /** A prompt in {@code parameters} is already where the model expects it. */
  private static InputBuilder.Draft draft(
      Model model,
      CreateGeneration.Command command,
      Optional<Prompt> prompt,
      GenerationOptions options,
      ModelInput parameters,
      List<InputFile> files) {
    Set<String> paths = files.stream().map(InputFile::path).collect(Collectors.toSet());
    return new InputBuilder.Draft(
        model,
        command.prompt().isPresent() ? prompt : Optional.empty(),
        options,
        parameters,
        paths);
  }

  private void addViolations(List<FieldError> errors, InputBuilder.Draft draft) {
    if (inputBuilder.build(draft) instanceof InputBuilder.Result.Rejected rejected) {
      for (Violation violation : rejected.violations()) {
        if (errors.stream().noneMatch(error -> error.field().equals(violation.field()))) {
          errors.add(new FieldError(violation.field(), violation.message()));
        }
      }
    }
  }

  private Optional<Prompt> prompt(
      CreateGeneration.Command command, ModelInput parameters, List<FieldError> errors) {
    if (command.prompt().isPresent()) {
      return valid(errors, () -> Prompt.of(command.prompt().get(), rules.promptMaxLength()));
    }
    if (!(parameters.values().get(PROMPT) instanceof String text)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Prompt.of(text, rules.promptMaxLength()));
    } catch (InvalidValueException e) {
      errors.add(new FieldError(ModelInput.path(PROMPT), e.getMessage()));
      return Optional.empty();
    }
  }

  private Optional<Offer> offer(String slug, List<FieldError> errors) {
    if (!rules.models().allows(slug)) {
      errors.add(
          new FieldError(
              "model", "must be one of " + String.join(", ", rules.models().patterns())));
      return Optional.empty();
    }
    return valid(errors, () -> listed(slug));
  }

  private Offer listed(String slug) {
    return switch (catalog.find(slug)) {
      case Lookup.Found found -> found.offer();
      case Lookup.Unlisted unlisted -> {
        if (!rules.models().names(slug)) {
          throw new InvalidValueException(
              "model", "must be a model that Skytells offers; see GET /api/models");
        }
        yield unlisted.assumed();
      }
      case Lookup.Unsupported unsupported ->
          throw new InvalidValueException(
              "model",
              "must produce images, video or audio, but produces %s".formatted(unsupported.type()));
    };
  }

  private static GenerationOptions options(
      CreateGeneration.Command command, List<FieldError> errors) {
    return new GenerationOptions(
        valid(errors, command.width(), n -> GenerationOptions.requireSize("width", n)),
        valid(errors, command.height(), n -> GenerationOptions.requireSize("height", n)),
        valid(errors, command.numInferenceSteps(), GenerationOptions::requireNumInferenceSteps),
        command.negativePrompt().flatMap(text -> valid(errors, () -> NegativePrompt.of(text))),
        valid(errors, command.numOutputs(), GenerationOptions::requireNumOutputs),
        command.seed().isPresent()
            ? valid(errors, () -> GenerationOptions.requireSeed(command.seed().getAsLong()))
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty())
            : OptionalLong.empty(),
        valid(errors, command.durationSeconds(), GenerationOptions::requireDurationSeconds));
  }

  private interface IntCheck {
    int check(int value);
  }

  private static OptionalInt valid(List<FieldError> errors, OptionalInt value, IntCheck check) {
    return value.isPresent()
        ? valid(errors, () -> check.check(value.getAsInt()))
            .map(OptionalInt::of)
            .orElse(OptionalInt.empty())
        : value;
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
