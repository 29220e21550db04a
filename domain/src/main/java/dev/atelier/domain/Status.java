package dev.atelier.domain;

import java.util.Locale;

/**
 * The public status of a generation. It is coarser than {@link State}, so that states can change
 * without breaking clients.
 */
public enum Status {
  QUEUED,
  /** Running, or its outputs are being stored. */
  PROCESSING,
  /** Every output is stored. */
  SUCCEEDED,
  /** Ended without all outputs. */
  FAILED,
  CANCELED;

  public String value() {
    return name().toLowerCase(Locale.ROOT);
  }
}
