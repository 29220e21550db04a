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

  record GaveUp(Failure failure) implements Observation {}

  record CancelRequested() implements Observation {}

  /** The provider reported the bill of a prediction after its end. */
  record BillReported(PredictionId prediction, Billed billed) implements Observation {}

  record OutputStored(int index, Asset asset) implements Observation {}

  /** The URL of an output is not allowed, or it is no file. This may be temporary. */
  record OutputRejected(int index) implements Observation {}

  /** One output can no longer be stored. */
  record OutputLost(int index, Failure failure) implements Observation {}
}
