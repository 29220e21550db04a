package dev.atelier.domain;

import static dev.atelier.domain.InvalidValueException.requireBetween;

import java.util.OptionalLong;

/**
 * The options of a still picture. Bounds and defaults of width, height, steps and negative prompt
 * are the seeds'.
 *
 * @param width pixels, 256 to 2048
 * @param height pixels, 256 to 2048
 * @param numInferenceSteps 1 to 100
 * @param negativePrompt what not to show
 * @param numOutputs how many pictures, 1 to 4
 * @param seed 0 to 2³²−1; the same seed and prompt ask for the same picture; left out, the provider
 *     draws its own
 */
public record ImageOptions(
    int width,
    int height,
    int numInferenceSteps,
    NegativePrompt negativePrompt,
    int numOutputs,
    OptionalLong seed)
    implements Options {
  /** The width and height of a request that names none, in pixels. */
  public static final int DEFAULT_SIZE = 1024;

  /** The steps of a request that names none. */
  public static final int DEFAULT_NUM_INFERENCE_STEPS = 30;

  /** What a request gets that names no option. */
  public static final ImageOptions DEFAULT =
      new ImageOptions(
          DEFAULT_SIZE,
          DEFAULT_SIZE,
          DEFAULT_NUM_INFERENCE_STEPS,
          NegativePrompt.DEFAULT,
          1,
          OptionalLong.empty());

  /**
   * @throws InvalidValueException naming the first option that is out of bounds
   */
  public ImageOptions {
    requireSize("width", width);
    requireSize("height", height);
    requireNumInferenceSteps(numInferenceSteps);
    requireNumOutputs(numOutputs);
    seed.ifPresent(ImageOptions::requireSeed);
  }

  /**
   * Gives {@code pixels} back when it is within bounds.
   *
   * @throws InvalidValueException naming {@code field}
   */
  public static int requireSize(String field, int pixels) {
    return requireBetween(field, pixels, 256, 2048);
  }

  /**
   * Gives {@code steps} back when it is within bounds.
   *
   * @throws InvalidValueException naming {@code numInferenceSteps}
   */
  public static int requireNumInferenceSteps(int steps) {
    return requireBetween("numInferenceSteps", steps, 1, 100);
  }

  /**
   * Gives {@code count} back when it is within bounds.
   *
   * @throws InvalidValueException naming {@code numOutputs}
   */
  public static int requireNumOutputs(int count) {
    return requireBetween("numOutputs", count, 1, 4);
  }

  /**
   * Gives {@code seed} back when it is within bounds.
   *
   * @throws InvalidValueException naming {@code seed}
   */
  public static long requireSeed(long seed) {
    if (seed < 0 || seed > 0xFFFF_FFFFL) {
      throw new InvalidValueException("seed", "must be between 0 and 4294967295");
    }
    return seed;
  }
}
