package dev.atelier.domain;

/** The effect of an observation. Late, repeated and out-of-order observations have no effect. */
public sealed interface Transition {
  /** The generation after the observation. */
  Generation generation();

  /**
   * The generation changed.
   *
   * @param generation the next revision, to be saved
   */
  record Applied(Generation generation) implements Transition {}

  /** The generation did not change. */
  record Ignored(Generation generation, Reason reason) implements Transition {}

  /** Why an observation had no effect. */
  enum Reason {
    /** The generation has ended, which is final. */
    ENDED,
    /** The observation is older than the state. */
    STALE,
    /** The state is known already. */
    REPEATED,
    /**
     * The observation is of a prediction other than the one that the generation has adopted, or of
     * one that another generation has adopted.
     */
    ANOTHER_PREDICTION
  }
}
