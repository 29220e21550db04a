package dev.atelier.skytells.sandbox.api;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A prediction in the sandbox, for tests and audits.
 *
 * @param status as the API shows it
 * @param endedAt empty while it is running
 * @param webhook the requested URL
 * @param outputDownloads how many complete outputs were served
 * @param deliveries in the order of their responses
 */
public record SandboxPrediction(
    String id,
    String status,
    Optional<Instant> endedAt,
    Optional<URI> webhook,
    int outputDownloads,
    List<Delivery> deliveries) {

  public SandboxPrediction {
    deliveries = List.copyOf(deliveries);
  }

  /**
   * A sent webhook.
   *
   * @param status the reported status
   * @param answer the HTTP status of the receiver; empty if there was no response
   */
  public record Delivery(String status, OptionalInt answer) {}
}
