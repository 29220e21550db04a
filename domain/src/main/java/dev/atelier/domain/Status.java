package dev.atelier.domain;

import java.util.Locale;

/**
 * The public status of a generation. It is coarser than {@link State}, so that states can change
 * without breaking clients.
 */
public enum Status {
  /** Accepted. */
  QUEUED,
  /** Skytells is working on it, or its outputs are being stored. */
  PROCESSING,
  /** Ended; every output is stored. */
  SUCCEEDED,
  /** Ended without all outputs. */
  FAILED,
  /** Canceled. */
  CANCELED;

  /** The stable name in JSON. */
  public String value() {
    return name().toLowerCase(Locale.ROOT);
  }
}
