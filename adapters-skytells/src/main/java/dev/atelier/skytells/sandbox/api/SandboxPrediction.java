package dev.atelier.skytells.sandbox.api;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A snapshot of a prediction, for tests and audits.
 *
 * @param outputDownloads complete ones
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
   * @param answer the HTTP status; empty without a response
   */
  public record Delivery(String status, OptionalInt answer) {}
}
