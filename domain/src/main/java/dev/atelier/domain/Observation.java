package dev.atelier.domain;

/**
 * Something seen about a generation that may bring it forward. A value: seeing it twice is no harm.
 */
public sealed interface Observation
    permits Prediction,
        Observation.SubmissionRefused,
        Observation.GaveUp,
        Observation.CancelRequested,
        Observation.OutputStored,
        Observation.OutputRefused,
        Observation.OutputLost {
  /**
   * Skytells refused the create call, for certain: nothing was accepted and nothing will be paid.
   */
  record SubmissionRefused(Failure failure) implements Observation {}

  /** A deadline passed without an end in sight. */
  record GaveUp(Failure failure) implements Observation {}

  /** Whoever it belongs to does not want it any more. */
  record CancelRequested() implements Observation {}

  /**
   * One output's bytes are in our storage.
   *
   * @param index which output, counted from 0
   */
  record OutputStored(int index, Asset asset) implements Observation {}

  /**
   * One output is something that is not stored: an address that is not allowed, or no file. It is
   * tried again for a while, because that may pass.
   *
   * @param index which output, counted from 0
   */
  record OutputRefused(int index) implements Observation {}

  /**
   * One output will never be in our storage.
   *
   * @param index which output, counted from 0
   */
  record OutputLost(int index, Failure failure) implements Observation {}
}
