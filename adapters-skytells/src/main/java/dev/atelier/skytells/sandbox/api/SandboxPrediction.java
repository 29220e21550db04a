package dev.atelier.skytells.sandbox.api;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A prediction as the sandbox sees it, for tests and audits.
 *
 * @param id Skytells' name for it
 * @param status as the API would tell it now
 * @param endedAt when it succeeded, failed or was called off; empty while it is worked on
 * @param webhook where its end is reported, when the client asked for that
 * @param outputDownloads how often one of its outputs was served whole
 * @param deliveries its webhooks, in the order in which they were answered
 */
public record SandboxPrediction(
    String id,
    String status,
    Optional<Instant> endedAt,
    Optional<URI> webhook,
    int outputDownloads,
    List<Delivery> deliveries) {

  /** Copies the list. */
  public SandboxPrediction {
    deliveries = List.copyOf(deliveries);
  }

  /**
   * A webhook that was sent.
   *
   * @param status which status it reported
   * @param answer the receiver's HTTP status; empty when nobody answered
   */
  public record Delivery(String status, OptionalInt answer) {}
}
