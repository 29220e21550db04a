package dev.atelier.skytells.sandbox.api;

import dev.atelier.skytells.sandbox.api.SandboxPrediction.Delivery;
import dev.atelier.skytells.sandbox.fault.SandboxFault;
import dev.atelier.skytells.sandbox.fault.SandboxFaults;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A prediction and its state. Thread-safe. */
public final class Job {
  enum Phase {
    QUEUED,
    PROCESSING,
    SUCCEEDED,
    FAILED,
    CANCELED;

    boolean isEnd() {
      return switch (this) {
        case QUEUED, PROCESSING -> false;
        case SUCCEEDED, FAILED, CANCELED -> true;
      };
    }
  }

  private final String id;
  private final CreateRequest createRequest;
  private final SandboxFaults faults;
  private final Instant createdAt;
  private final CompletableFuture<Void> completion = new CompletableFuture<>();
  private final List<Delivery> deliveries = new ArrayList<>();
  private Phase phase = Phase.QUEUED;
  private Optional<String> failure = Optional.empty();
  private Optional<Instant> startedAt = Optional.empty();
  private Optional<Instant> completedAt = Optional.empty();
  private final Map<String, Integer> requests = new HashMap<>();
  private int polls;
  private int downloads;
  private boolean deleted;

  Job(String id, CreateRequest createRequest, SandboxFaults faults, Instant createdAt) {
    this.id = id;
    this.createRequest = createRequest;
    this.faults = faults;
    this.createdAt = createdAt;
  }

  String id() {
    return id;
  }

  CreateRequest createRequest() {
    return createRequest;
  }

  Optional<CreateRequest.WebhookSubscription> subscription() {
    return createRequest.subscription().filter(_ -> !faults.has(SandboxFault.WEBHOOK_IGNORED));
  }

  SandboxFaults faults() {
    return faults;
  }

  Instant createdAt() {
    return createdAt;
  }

  synchronized Phase phase() {
    return phase;
  }

  synchronized Optional<Instant> startedAt() {
    return startedAt;
  }

  synchronized Optional<Instant> completedAt() {
    return completedAt;
  }

  synchronized boolean isDeleted() {
    return deleted;
  }

  /** Completes at any end. */
  CompletableFuture<Void> completion() {
    return completion;
  }

  synchronized boolean start(Instant now) {
    if (phase != Phase.QUEUED) {
      return false;
    }
    phase = Phase.PROCESSING;
    startedAt = Optional.of(now);
    return true;
  }

  /** Why it failed; empty if a fault is the reason. */
  synchronized Optional<String> failure() {
    return failure;
  }

  /** Returns false if it had ended. */
  boolean end(Phase end, Instant now) {
    return end(end, Optional.empty(), now);
  }

  /** Returns false if it had ended. */
  boolean fail(String reason, Instant now) {
    return end(Phase.FAILED, Optional.of(reason), now);
  }

  private boolean end(Phase end, Optional<String> reason, Instant now) {
    synchronized (this) {
      if (phase.isEnd()) {
        return false;
      }
      phase = end;
      failure = reason;
      startedAt = startedAt.or(() -> Optional.of(now));
      completedAt = Optional.of(now);
    }
    completion.complete(null);
    return true;
  }

  synchronized void delete() {
    deleted = true;
  }

  /** Returns the new count. */
  synchronized int countPoll() {
    return ++polls;
  }

  synchronized int polls() {
    return polls;
  }

  /** Returns the new count. */
  synchronized int countRequest(String path) {
    return requests.merge(path, 1, Integer::sum);
  }

  synchronized void countDownload() {
    downloads++;
  }

  public synchronized SandboxPrediction view() {
    return new SandboxPrediction(
        id,
        Dialect.status(faults, phase),
        completedAt,
        subscription().map(CreateRequest.WebhookSubscription::url),
        downloads,
        deliveries);
  }

  synchronized void addDelivery(Delivery delivery) {
    deliveries.add(delivery);
  }
}
