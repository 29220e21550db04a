package dev.atelier.domain;

import static dev.atelier.domain.InvalidValueException.requireBetween;

/**
 * The options of a moving picture.
 *
 * @param durationSeconds 3 to 30, as Skytells' video models take it
 */
public record VideoOptions(int durationSeconds) implements Options {
  /** What a request gets that names no option: the seed's ten seconds. */
  public static final VideoOptions DEFAULT = new VideoOptions(10);

  /**
   * @throws InvalidValueException naming {@code durationSeconds}
   */
  public VideoOptions {
    requireBetween("durationSeconds", durationSeconds, 3, 30);
  }
}
