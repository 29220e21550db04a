package dev.atelier.domain;

import java.util.Locale;

/** The states by their names, and what clients are told of each. */
public enum StateName {
  /** {@link State.Submitting}. */
  SUBMITTING(Status.QUEUED),
  /** {@link State.Queued}. */
  QUEUED(Status.QUEUED),
  /** {@link State.Processing}. */
  PROCESSING(Status.PROCESSING),
  /** {@link State.Canceling}. */
  CANCELING(Status.PROCESSING),
  /** {@link State.Storing}. */
  STORING(Status.PROCESSING),
  /** {@link State.Succeeded}. */
  SUCCEEDED(Status.SUCCEEDED),
  /** {@link State.Failed}. */
  FAILED(Status.FAILED),
  /** {@link State.Canceled}. */
  CANCELED(Status.CANCELED);

  private final Status status;

  StateName(Status status) {
    this.status = status;
  }

  /** The name of a state. */
  public static StateName of(State state) {
    return switch (state) {
      case State.Submitting _ -> SUBMITTING;
      case State.Queued _ -> QUEUED;
      case State.Processing _ -> PROCESSING;
      case State.Canceling _ -> CANCELING;
      case State.Storing _ -> STORING;
      case State.Succeeded _ -> SUCCEEDED;
      case State.Failed _ -> FAILED;
      case State.Canceled _ -> CANCELED;
    };
  }

  /** What clients are told. */
  public Status status() {
    return status;
  }

  /** The stable name in SQL and metrics. */
  public String value() {
    return name().toLowerCase(Locale.ROOT);
  }
}
