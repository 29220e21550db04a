package dev.atelier.domain;

import java.util.Locale;

/** The names of the states in SQL and metrics, each with its public status. */
public enum StateName {
  SUBMITTING(Status.QUEUED),
  QUEUED(Status.QUEUED),
  PROCESSING(Status.PROCESSING),
  CANCELING(Status.PROCESSING),
  STORING(Status.PROCESSING),
  SUCCEEDED(Status.SUCCEEDED),
  FAILED(Status.FAILED),
  CANCELED(Status.CANCELED);

  private final Status status;

  StateName(Status status) {
    this.status = status;
  }

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

  public Status status() {
    return status;
  }

  public String value() {
    return name().toLowerCase(Locale.ROOT);
  }
}
