package dev.atelier.domain;

import static dev.atelier.domain.InvalidValueException.requireBetween;

import java.util.OptionalLong;

/**
 * The options of an image generation.
 *
 * @param negativePrompt what the image must not show
 * @param numOutputs the number of images
 * @param seed makes the result reproducible; if empty, the provider chooses one
 */
public record ImageOptions(
    int width,
    int height,
    int numInferenceSteps,
    NegativePrompt negativePrompt,
    int numOutputs,
    OptionalLong seed)
    implements GenerationOptions {
  /** The default width and height, in pixels. */
  public static final int DEFAULT_SIZE = 1024;

  /** The default number of inference steps. */
  public static final int DEFAULT_NUM_INFERENCE_STEPS = 30;

  /** The options of a request that sets none. */
  public static final ImageOptions DEFAULT =
      new ImageOptions(
          DEFAULT_SIZE,
          DEFAULT_SIZE,
          DEFAULT_NUM_INFERENCE_STEPS,
          NegativePrompt.DEFAULT,
          1,
          OptionalLong.empty());

  public ImageOptions {
    requireSize("width", width);
    requireSize("height", height);
    requireNumInferenceSteps(numInferenceSteps);
    requireNumOutputs(numOutputs);
    seed.ifPresent(ImageOptions::requireSeed);
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
}
