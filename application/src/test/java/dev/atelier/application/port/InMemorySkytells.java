package dev.atelier.application.port;

import dev.atelier.domain.GenerationId;
import dev.atelier.domain.GenerationRequest;
import dev.atelier.domain.Output;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import java.io.ByteArrayInputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Skytells without a network: takes predictions on, remembers what it was asked, and serves
 * outputs. What it answers can be scripted.
 */
public final class InMemorySkytells implements Predictions, Outputs {
  private final Deque<Function<PredictionId, Submission>> script = new ArrayDeque<>();
  private final Map<GenerationId, PredictionId> sold = new HashMap<>();
  private final Map<String, Fetch> files = new HashMap<>();
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
    return leave(new Fetch.Content(new ByteArrayInputStream(bytes)));
  }

  /** Leaves an address that answers like this. */
  public synchronized Output leave(Fetch answer) {
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
  public synchronized Submission submit(GenerationId id, GenerationRequest request) {
    var prediction = new PredictionId("pred_" + id);
    Function<PredictionId, Submission> answer =
        Optional.ofNullable(script.poll())
            .orElse(accepted -> new Submission.Accepted(new Prediction.Queued(accepted)));
    Submission submission = answer.apply(prediction);
    if (!(submission instanceof Submission.Refused) && sold.put(id, prediction) != null) {
      throw new IllegalStateException("paid twice: " + id);
    }
    return submission;
  }

  @Override
  public synchronized Fetch fetch(Output output) {
    fetched.add(output);
    return Optional.ofNullable(files.get(output.url())).orElseGet(Fetch.Gone::new);
  }
}
