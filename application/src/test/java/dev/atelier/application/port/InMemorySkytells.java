package dev.atelier.application.port;

import dev.atelier.domain.GenerationId;
import dev.atelier.domain.GenerationRequest;
import dev.atelier.domain.MediaType;
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

/**
 * Skytells without a network: takes predictions on, remembers what it was asked, shows how they
 * stand, and serves outputs. What it answers can be scripted.
 */
public final class InMemorySkytells implements Predictions, Outputs {
  private static final int PAGE_SIZE = 50;

  private final Deque<Function<PredictionId, Submission>> script = new ArrayDeque<>();
  private final Map<GenerationId, PredictionId> sold = new LinkedHashMap<>();
  private final Map<PredictionId, Prediction> standing = new HashMap<>();
  private final Map<String, Supplier<Fetch>> files = new HashMap<>();
  private final List<Output> fetched = new ArrayList<>();
  private final AtomicReference<Runnable> beforeFind = new AtomicReference<>(() -> {});
  private final Deque<Cancellation> cancellations = new ArrayDeque<>();
  private Runnable beforeCancel = () -> {};
  private final Set<PredictionId> failing = new HashSet<>();
  private boolean newestFirst;
  private boolean broken;
  private int looks;

  /** Takes the next submission on, and answers this, given the id of its prediction. */
  public synchronized void sellNext(Function<PredictionId, Submission> answer) {
    script.add(answer);
  }

  /** Does not take the next submission on. */
  public synchronized void refuseNext(Submission.Refused refusal) {
    script.add(_ -> refusal);
  }

  /** From now on the prediction stands like this. */
  public synchronized void become(Prediction prediction) {
    standing.put(prediction.id(), prediction);
  }

  /** From now on nothing can be looked at, called off or deleted, or it can be again. */
  public synchronized void breakDown(boolean down) {
    broken = down;
  }

  /** From now on calls about that prediction are not answered; others are. */
  public synchronized void breakFor(PredictionId id) {
    failing.add(id);
  }

  /** From now on the list begins with what was sold last. */
  public synchronized void listNewestFirst() {
    newestFirst = true;
  }

  /** The next look at a prediction takes as long as this. */
  public void beforeNextFind(Runnable wait) {
    beforeFind.set(wait);
  }

  /** The next wish to call a prediction off is answered like this. */
  public synchronized void answerNextCancel(Cancellation answer) {
    cancellations.add(answer);
  }

  /** Something happens at the very moment at which a prediction is to be called off. */
  public synchronized void beforeNextCancel(Runnable surprise) {
    beforeCancel = surprise;
  }

  /** Leaves an output, which is rejected when it is an error page. */
  public synchronized Output leave(byte[] bytes) {
    return leave(() -> content(bytes, new ByteArrayInputStream(bytes)));
  }

  /** Leaves an output that breaks off where it should end. */
  public Output leaveBreaking(byte[] bytes) {
    return leave(
        () -> content(bytes, new BreakingInputStream(bytes, new IOException("broke off"))));
  }

  /** The output of these bytes, which are read from that stream. */
  public static Fetch content(byte[] bytes, InputStream stream) {
    return MediaType.detect(bytes)
        .<Fetch>map(type -> new Fetch.Content(type, stream))
        .orElseGet(() -> new Fetch.Rejected("no result"));
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

  /**
   * How often it was asked: looked at predictions, one by one or in the list, or called one off.
   */
  public synchronized int looks() {
    return looks;
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
    switch (submission) {
      case Submission.Accepted accepted -> sell(id, accepted.prediction());
      case Submission.Unconfirmed _ -> sell(id, new Prediction.Queued(prediction));
      case Submission.Refused _ -> {}
    }
    return submission;
  }

  private synchronized Function<PredictionId, Submission> nextAnswer() {
    return Optional.ofNullable(script.poll())
        .orElse(accepted -> new Submission.Accepted(new Prediction.Queued(accepted)));
  }

  private synchronized void sell(GenerationId id, Prediction prediction) {
    if (sold.put(id, prediction.id()) != null) {
      throw new IllegalStateException("paid twice: " + id);
    }
    standing.putIfAbsent(prediction.id(), prediction);
  }

  @Override
  public LookupResult find(PredictionId id) {
    beforeFind.getAndSet(() -> {}).run(); // not under the lock: it may take its time
    return look(id);
  }

  private synchronized LookupResult look(PredictionId id) {
    looks++;
    if (broken) {
      return unavailable();
    }
    if (failing.contains(id)) {
      return new Unavailable(Unavailable.Extent.CALL, Optional.empty());
    }
    Prediction prediction = standing.get(id);
    return prediction == null ? new LookupResult.NotFound() : new LookupResult.Found(prediction);
  }

  @Override
  public synchronized Listing list(int page) {
    looks++;
    if (broken) {
      return unavailable();
    }
    var entries = new ArrayList<Entry>();
    sold.forEach(
        (generation, id) -> {
          Prediction prediction = standing.get(id);
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
    looks++;
    beforeCancel.run();
    beforeCancel = () -> {};
    if (broken) {
      return unavailable();
    }
    if (failing.contains(id)) {
      return new Unavailable(Unavailable.Extent.CALL, Optional.empty());
    }
    if (!cancellations.isEmpty()) {
      return cancellations.remove();
    }
    Prediction prediction = standing.get(id);
    if (prediction instanceof Prediction.Queued || prediction instanceof Prediction.Processing) {
      become(new Prediction.Canceled(id));
      return new Cancellation.Accepted(Optional.empty());
    }
    return new Cancellation.Refused();
  }

  @Override
  public synchronized Deletion delete(PredictionId id) {
    if (broken) {
      return unavailable();
    }
    return standing.remove(id) == null ? new Deletion.Refused() : new Deletion.Deleted();
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
