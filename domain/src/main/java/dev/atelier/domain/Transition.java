package dev.atelier.domain;

/**
 * What one observation did to a generation. Late, repeated and out-of-order ones are values too.
 */
public sealed interface Transition {
  /** The generation as it stands after the observation. */
  Generation generation();

  /**
   * It moved.
   *
   * @param generation with the next state and the next revision; to be saved
   */
  record Applied(Generation generation) implements Transition {}

  /**
   * It stayed as it was.
   *
   * @param generation unchanged
   */
  record Ignored(Generation generation, Reason reason) implements Transition {}

  /** Why an observation changed nothing. */
  enum Reason {
    /** The generation has ended; ends are final. */
    ENDED,
    /** The observation is older than what is known. */
    STALE,
    /** It says what is known already. */
    REPEATED,
    /** It is of a prediction that is not this generation's. */
    ANOTHER_PREDICTION
  }
}
