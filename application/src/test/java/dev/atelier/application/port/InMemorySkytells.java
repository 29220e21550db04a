package dev.atelier.application.port;

import static java.util.Objects.requireNonNull;

import dev.atelier.domain.GenerationId;
import dev.atelier.domain.MediaType;
import dev.atelier.domain.Model;
import dev.atelier.domain.ModelInput;
import dev.atelier.domain.Output;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

/** An in-memory Skytells: {@link Predictions} and {@link Outputs} with scripted responses. */
public final class InMemorySkytells implements Predictions, Outputs {
  private static final int PAGE_SIZE = 50;

  private final Deque<Function<PredictionId, Submission>> script = new ArrayDeque<>();
  private final Map<GenerationId, PredictionId> sold = new LinkedHashMap<>();
  private final Map<GenerationId, ModelInput> inputs = new HashMap<>();
  private final Map<PredictionId, Prediction> predictions = new HashMap<>();
  private final Map<String, Supplier<Fetch>> files = new HashMap<>();
  private final List<Output> fetched = new ArrayList<>();
  private final AtomicReference<Runnable> beforeFind = new AtomicReference<>(() -> {});
  private final Deque<Cancellation> cancellations = new ArrayDeque<>();
  private Runnable beforeCancel = () -> {};
  private final Set<PredictionId> failing = new HashSet<>();
  private boolean newestFirst;
  private boolean down;
  private int calls;

  /** Accepts the next submission with this response, given the id of its prediction. */
  public synchronized void sellNext(Function<PredictionId, Submission> response) {
    script.add(response);
  }

  /** Refuses the next submission. */
  public synchronized void refuseNext(Submission.Refused refusal) {
    script.add(_ -> refusal);
  }

  /** Sets the state of a prediction. */
  public synchronized void set(Prediction prediction) {
    predictions.put(prediction.id(), prediction);
  }

  /** Makes every call but submissions fail, or work again. */
  public synchronized void breakDown(boolean down) {
    this.down = down;
  }

  /** Makes lookups and cancels of this prediction fail. */
  public synchronized void failFor(PredictionId id) {
    failing.add(id);
  }

  /** Lists the newest predictions first. */
  public synchronized void listNewestFirst() {
    newestFirst = true;
  }

  /** Runs this during the next lookup, before its response. */
  public void beforeNextFind(Runnable action) {
    beforeFind.set(action);
  }

  /** Sets the response to the next cancel. */
  public synchronized void respondToNextCancel(Cancellation response) {
    cancellations.add(response);
  }

  /** Runs this during the next cancel, before it takes effect. */
  public synchronized void beforeNextCancel(Runnable action) {
    beforeCancel = action;
  }

  /** Adds an output; bytes of no known type are rejected. */
  public synchronized Output addOutput(byte[] bytes) {
    return addOutput(() -> content(bytes, new ByteArrayInputStream(bytes)));
  }

  /** Adds an output whose download fails at its end. */
  public Output addBreakingOutput(byte[] bytes) {
    return addOutput(
        () -> content(bytes, new BreakingInputStream(bytes, new IOException("broke off"))));
  }

  /** The response with these bytes, read from this stream. */
  public static Fetch content(byte[] bytes, InputStream stream) {
    return MediaType.detect(bytes)
        .<Fetch>map(type -> new Fetch.Content(type, stream))
        .orElseGet(() -> new Fetch.Rejected("no result"));
  }

  /** Adds an output with this response. */
  public synchronized Output addOutput(Supplier<Fetch> response) {
    var output = new Output("https://cdn.skytells.ai/outputs/" + files.size());
    files.put(output.url(), response);
    return output;
  }

  /** The accepted submissions. */
  public synchronized Map<GenerationId, PredictionId> sold() {
    return Map.copyOf(sold);
  }

  /** The number of lookups, lists and cancels. */
  public synchronized int calls() {
    return calls;
  }

  /** What was submitted for the generation. */
  public synchronized ModelInput input(GenerationId id) {
    return requireNonNull(inputs.get(id));
  }

  /** The outputs that were requested, in order. */
  public synchronized List<Output> fetched() {
    return List.copyOf(fetched);
  }

  @Override
  public Submission submit(GenerationId id, Model model, ModelInput input) {
    var prediction = new PredictionId("pred_" + id);
    synchronized (this) {
      inputs.put(id, input);
    }
    // Not under the lock, because the script may send webhooks.
    Submission submission = nextResponse().apply(prediction);
    switch (submission) {
      case Submission.Accepted accepted -> sell(id, accepted.prediction());
      case Submission.Unconfirmed _ -> sell(id, new Prediction.Queued(prediction));
      case Submission.Refused _ -> {}
    }
    return submission;
  }

  private synchronized Function<PredictionId, Submission> nextResponse() {
    return Optional.ofNullable(script.poll())
        .orElse(accepted -> new Submission.Accepted(new Prediction.Queued(accepted)));
  }

  private synchronized void sell(GenerationId id, Prediction prediction) {
    if (sold.put(id, prediction.id()) != null) {
      throw new IllegalStateException("submitted twice: " + id);
    }
    predictions.putIfAbsent(prediction.id(), prediction);
  }

  @Override
  public LookupResult find(PredictionId id) {
    beforeFind.getAndSet(() -> {}).run(); // not under the lock, because it may block
    return lookUp(id);
  }

  private synchronized LookupResult lookUp(PredictionId id) {
    calls++;
    if (down) {
      return unavailable();
    }
    if (failing.contains(id)) {
      return new Unavailable(Unavailable.Extent.CALL, Optional.empty());
    }
    Prediction prediction = predictions.get(id);
    return prediction == null ? new LookupResult.NotFound() : new LookupResult.Found(prediction);
  }

  @Override
  public synchronized Listing list(int page) {
    calls++;
    if (down) {
      return unavailable();
    }
    var entries = new ArrayList<Entry>();
    sold.forEach(
        (generation, id) -> {
          Prediction prediction = predictions.get(id);
          if (prediction != null) {
            entries.add(new Entry(prediction, Optional.of(generation), Optional.empty()));
          }
        });
    if (newestFirst) {
      Collections.reverse(entries);
    }
    int from = Math.min((page - 1) * PAGE_SIZE, entries.size());
    int to = Math.min(from + PAGE_SIZE, entries.size());
    return new Listing.Page(entries.subList(from, to), to == entries.size());
  }

  @Override
  public synchronized Cancellation cancel(PredictionId id) {
    calls++;
    beforeCancel.run();
    beforeCancel = () -> {};
    if (down) {
      return unavailable();
    }
    if (failing.contains(id)) {
      return new Unavailable(Unavailable.Extent.CALL, Optional.empty());
    }
    if (!cancellations.isEmpty()) {
      return cancellations.remove();
    }
    Prediction prediction = predictions.get(id);
    if (prediction instanceof Prediction.Queued || prediction instanceof Prediction.Processing) {
      set(new Prediction.Canceled(id));
      return new Cancellation.Accepted(Optional.empty());
    }
    return new Cancellation.Refused();
  }

  @Override
  public synchronized Deletion delete(PredictionId id) {
    if (down) {
      return unavailable();
    }
    return predictions.remove(id) == null ? new Deletion.Refused() : new Deletion.Deleted();
  }

  private static Unavailable unavailable() {
    return new Unavailable(Unavailable.Extent.ACCOUNT, Optional.empty());
  }

  @Override
  public synchronized Fetch fetch(Output output) {
    fetched.add(output);
    return files.getOrDefault(output.url(), Fetch.Gone::new).get();
  }
}
