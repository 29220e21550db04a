package dev.atelier.domain;

import java.util.Locale;

/** How a generation stands, as clients are told it: less than a {@link State}, and stable. */
public enum Status {
  /** Accepted. */
  QUEUED,
  /** Under way, or its results are. */
  PROCESSING,
  /** Ended with every result in our storage. */
  SUCCEEDED,
  /** Ended without. */
  FAILED,
  /** Called off. */
  CANCELED;

  /** The stable name in JSON. */
  public String value() {
    return name().toLowerCase(Locale.ROOT);
  }
}
