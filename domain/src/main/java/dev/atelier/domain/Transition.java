package dev.atelier.domain;

/** The effect of an observation; none if it is late, repeated or out of order. */
public sealed interface Transition {
  Generation generation();

  record Applied(Generation generation) implements Transition {}

  record Ignored(Generation generation, Reason reason) implements Transition {}

  enum Reason {
    ENDED,
    STALE,
    REPEATED,
    /** It belongs to a prediction that this generation has not adopted, or that another one has. */
    ANOTHER_PREDICTION
  }
}
