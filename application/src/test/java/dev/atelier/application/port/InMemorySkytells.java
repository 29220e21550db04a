package dev.atelier.application.port;

import dev.atelier.domain.GenerationId;
import dev.atelier.domain.GenerationRequest;
import dev.atelier.domain.Output;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Skytells without a network: takes predictions on, remembers what it was asked, and serves
 * outputs. What it answers can be scripted.
 */
public final class InMemorySkytells implements Predictions, Outputs {
  private final Deque<Function<PredictionId, Submission>> script = new ArrayDeque<>();
  private final Map<GenerationId, PredictionId> sold = new HashMap<>();
  private final Map<String, Supplier<Fetch>> files = new HashMap<>();
  private final List<Output> fetched = new ArrayList<>();

  /** Takes the next submission on, and answers this, given the id of its prediction. */
  public synchronized void sellNext(Function<PredictionId, Submission> answer) {
    script.add(answer);
  }

  /** Does not take the next submission on. */
  public synchronized void refuseNext(Submission.Refused refusal) {
    script.add(_ -> refusal);
  }

  /** Leaves an output. */
  public synchronized Output leave(byte[] bytes) {
    return leave(() -> new Fetch.Content(new ByteArrayInputStream(bytes)));
  }

  /** Leaves an output that breaks off where it should end. */
  public Output leaveBreaking(byte[] bytes) {
    return leave(
        () -> new Fetch.Content(new BreakingInputStream(bytes, new IOException("broke off"))));
  }

  /** Leaves an address that answers like this. */
  public synchronized Output leave(Supplier<Fetch> answer) {
    var output = new Output("https://cdn.skytells.ai/outputs/" + files.size());
    files.put(output.url(), answer);
    return output;
  }

  /** Every generation that a prediction was sold for. */
  public synchronized Map<GenerationId, PredictionId> sold() {
    return Map.copyOf(sold);
  }

  /** Every output that was asked for, in order. */
  public synchronized List<Output> fetched() {
    return List.copyOf(fetched);
  }

  @Override
  public Submission submit(GenerationId id, GenerationRequest request) {
    var prediction = new PredictionId("pred_" + id);
    // Not under the lock: what answers may itself send webhooks.
    Submission submission = nextAnswer().apply(prediction);
    if (!(submission instanceof Submission.Refused)) {
      sell(id, prediction);
    }
    return submission;
  }

  private synchronized Function<PredictionId, Submission> nextAnswer() {
    return Optional.ofNullable(script.poll())
        .orElse(accepted -> new Submission.Accepted(new Prediction.Queued(accepted)));
  }

  private synchronized void sell(GenerationId id, PredictionId prediction) {
    if (sold.put(id, prediction) != null) {
      throw new IllegalStateException("paid twice: " + id);
    }
  }

  @Override
  public synchronized Fetch fetch(Output output) {
    fetched.add(output);
    return files.getOrDefault(output.url(), Fetch.Gone::new).get();
  }
}
