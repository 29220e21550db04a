package dev.atelier.domain;

/**
 * An event that may move a generation forward. Applying the same observation twice has no further
 * effect.
 */
public sealed interface Observation
    permits Prediction,
        Observation.SubmissionRefused,
        Observation.GaveUp,
        Observation.CancelRequested,
        Observation.BillReported,
        Observation.OutputStored,
        Observation.OutputRejected,
        Observation.OutputLost {
  /** Skytells rejected the create call: it accepted nothing and bills nothing. */
  record SubmissionRefused(Failure failure) implements Observation {}

  /** A deadline passed before the generation ended. */
  record GaveUp(Failure failure) implements Observation {}

  /** The owner canceled the generation. */
  record CancelRequested() implements Observation {}

  /** The provider reported the bill of a prediction after its end. */
  record BillReported(PredictionId prediction, Billed billed) implements Observation {}

  /** One output is stored. */
  record OutputStored(int index, Asset asset) implements Observation {}

  /**
   * One output was rejected: its URL is not allowed, or it is no file. The fault may be temporary,
   * so the download is retried for a while.
   */
  record OutputRejected(int index) implements Observation {}

  /** One output cannot be stored any more. */
  record OutputLost(int index, Failure failure) implements Observation {}
}
