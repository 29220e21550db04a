package dev.atelier.domain;

import static dev.atelier.domain.InvalidValueException.requireBetween;

/** The options of a video generation. */
public record VideoOptions(int durationSeconds) implements GenerationOptions {
  /** The options of a request that sets none. */
  public static final VideoOptions DEFAULT = new VideoOptions(10);

  public VideoOptions {
    requireBetween("durationSeconds", durationSeconds, 3, 30);
  }
}
