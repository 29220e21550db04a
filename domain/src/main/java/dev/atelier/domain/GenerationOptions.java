package dev.atelier.domain;

import static dev.atelier.domain.InvalidValueException.requireBetween;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The common options of a request, which have the same names for every model. An empty one is not
 * set.
 *
 * @param width in pixels
 * @param height in pixels
 * @param negativePrompt what the result must not show
 * @param numOutputs the number of results
 * @param seed makes the result reproducible
 */
public record GenerationOptions(
    OptionalInt width,
    OptionalInt height,
    OptionalInt numInferenceSteps,
    Optional<NegativePrompt> negativePrompt,
    OptionalInt numOutputs,
    OptionalLong seed,
    OptionalInt durationSeconds) {
  /** No option is set. */
  public static final GenerationOptions NONE =
      new GenerationOptions(
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          OptionalInt.empty(),
          OptionalLong.empty(),
          OptionalInt.empty());

  /** The defaults for images, from Skytells' tutorials. */
  public static final GenerationOptions IMAGE_DEFAULTS =
      new GenerationOptions(
          OptionalInt.of(1024),
          OptionalInt.of(1024),
          OptionalInt.of(30),
          Optional.of(NegativePrompt.DEFAULT),
          OptionalInt.of(1),
          OptionalLong.empty(),
          OptionalInt.empty());

  /** The defaults for videos. */
  public static final GenerationOptions VIDEO_DEFAULTS =
      new GenerationOptions(
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          OptionalInt.empty(),
          OptionalLong.empty(),
          OptionalInt.of(10));

  public GenerationOptions {
    width.ifPresent(pixels -> requireSize("width", pixels));
    height.ifPresent(pixels -> requireSize("height", pixels));
    numInferenceSteps.ifPresent(GenerationOptions::requireNumInferenceSteps);
    numOutputs.ifPresent(GenerationOptions::requireNumOutputs);
    seed.ifPresent(GenerationOptions::requireSeed);
    durationSeconds.ifPresent(GenerationOptions::requireDurationSeconds);
  }

  /** The defaults for this kind. */
  public static GenerationOptions defaults(Model.Kind kind) {
    return switch (kind) {
      case IMAGE -> IMAGE_DEFAULTS;
      case VIDEO -> VIDEO_DEFAULTS;
      case AUDIO -> NONE;
    };
  }

  /** Sets the empty options to these defaults. */
  public GenerationOptions orElse(GenerationOptions defaults) {
    return new GenerationOptions(
        width.isPresent() ? width : defaults.width,
        height.isPresent() ? height : defaults.height,
        numInferenceSteps.isPresent() ? numInferenceSteps : defaults.numInferenceSteps,
        negativePrompt.or(defaults::negativePrompt),
        numOutputs.isPresent() ? numOutputs : defaults.numOutputs,
        seed.isPresent() ? seed : defaults.seed,
        durationSeconds.isPresent() ? durationSeconds : defaults.durationSeconds);
  }

  /** Checks a width or height, named {@code field} in the exception. */
  public static int requireSize(String field, int pixels) {
    return requireBetween(field, pixels, 256, 2048);
  }

  /** Checks the number of inference steps. */
  public static int requireNumInferenceSteps(int steps) {
    return requireBetween("numInferenceSteps", steps, 1, 100);
  }

  /** Checks the number of outputs. */
  public static int requireNumOutputs(int count) {
    return requireBetween("numOutputs", count, 1, 4);
  }

  /** Checks the seed. */
  public static long requireSeed(long seed) {
    if (seed < 0 || seed > 0xFFFF_FFFFL) {
      throw new InvalidValueException("seed", "must be between 0 and 4294967295");
    }
    return seed;
  }

  /** Checks the duration. */
  public static int requireDurationSeconds(int seconds) {
    return requireBetween("durationSeconds", seconds, 3, 30);
  }
}
