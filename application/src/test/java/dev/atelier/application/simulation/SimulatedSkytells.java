package dev.atelier.application.simulation;

import dev.atelier.application.Pictures;
import dev.atelier.application.port.InMemorySkytells;
import dev.atelier.application.port.Outputs;
import dev.atelier.application.port.Predictions;
import dev.atelier.application.port.RequestLimits;
import dev.atelier.application.port.RequestLimits.Limit;
import dev.atelier.domain.Failure;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Model;
import dev.atelier.domain.ModelInput;
import dev.atelier.domain.Output;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.State;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A Skytells in virtual time, with latency and a rate limit per sliding minute. */
final class SimulatedSkytells implements Predictions, Outputs {
  private static final int PAGE_SIZE = 50;
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** Older predictions are dropped; their outputs have expired. */
  private static final Duration KEPT_FOR = Duration.ofMinutes(30);

  /** A prediction. */
  static final class Job {
    final PredictionId id;
    final GenerationId generation;
    final Instant createdAt;
    Optional<Instant> endedAt = Optional.empty();
    Optional<Instant> fetchedAt = Optional.empty();

    private Job(PredictionId id, GenerationId generation, Instant createdAt) {
      this.id = id;
      this.generation = generation;
      this.createdAt = createdAt;
    }

    Prediction prediction() {
      return endedAt
          .<Prediction>map(at -> new Prediction.Succeeded(id, List.of(output()), Optional.of(at)))
          .orElseGet(() -> new Prediction.Processing(id));
    }

    private Output output() {
      return new Output("https://cdn.skytells.ai/outputs/" + id);
    }
  }

  private final Provider provider;
  private final Timeline timeline;
  private final Consumer<Job> accepted;
  private final LinkedHashMap<PredictionId, Job> jobs = new LinkedHashMap<>();
  private final Map<String, Job> byOutput = new HashMap<>();
  private final Deque<Instant> requests = new ArrayDeque<>();
  private Optional<Limit> reported = Optional.empty();
  private Optional<Instant> refusedAt = Optional.empty();
  private int refusedCreates;
  private int calls;

  /**
   * @param accepted receives every new prediction
   */
  SimulatedSkytells(Provider provider, Timeline timeline, Consumer<Job> accepted) {
    this.provider = provider;
    this.timeline = timeline;
    this.accepted = accepted;
  }

  /** The number of creates refused with 429. */
  int refusedCreates() {
    return refusedCreates;
  }

  /** The number of calls other than creates. */
  int calls() {
    return calls;
  }

  @Override
  public Submission submit(GenerationId id, Model model, ModelInput input) {
    if (!countRequest()) {
      refusedCreates++;
      return new Submission.Refused(
          new Failure(Failure.Code.PROVIDER_BUSY, "429"), Optional.of(Duration.ofSeconds(1)));
    }
    Instant now = timeline.clock.instant();
    dropBefore(now.minus(KEPT_FOR));
    var job = new Job(new PredictionId("pred_" + id), id, now);
    jobs.put(job.id, job);
    byOutput.put(job.output().url(), job);
    accepted.accept(job);
    return new Submission.Accepted(new Prediction.Queued(job.id));
  }

  private void dropBefore(Instant start) {
    for (Iterator<Job> oldest = jobs.values().iterator(); oldest.hasNext(); ) {
      if (!oldest.next().createdAt.isBefore(start)) {
        return;
      }
      oldest.remove();
    }
  }

  /** Counts a request; returns false if the limit is reached. */
  private boolean countRequest() {
    Instant now = timeline.clock.instant();
    while (!requests.isEmpty() && !requests.getFirst().isAfter(now.minus(MINUTE))) {
      requests.removeFirst();
    }
    boolean allowed = provider.callsPerMinute() == 0 || requests.size() < provider.callsPerMinute();
    if (allowed) {
      requests.addLast(now);
      if (provider.callsPerMinute() > 0) {
        int remaining = provider.callsPerMinute() - requests.size();
        reported = Optional.of(new Limit(provider.callsPerMinute(), remaining, MINUTE, now));
      }
    } else {
      refusedAt = Optional.of(now);
    }
    return allowed;
  }

  private Duration retryAfter() {
    return Duration.between(timeline.clock.instant(), requests.getFirst().plus(MINUTE))
        .plusMillis(1);
  }

  private boolean call() {
    timeline.pass(provider.latency());
    calls++;
    return countRequest();
  }

  private Unavailable busy() {
    return new Unavailable(Unavailable.Extent.ACCOUNT, Optional.of(retryAfter()));
  }

  @Override
  public RequestLimits limits() {
    return new RequestLimits(reported, refusedAt);
  }

  @Override
  public LookupResult find(PredictionId id) {
    if (!call()) {
      return busy();
    }
    return Optional.ofNullable(jobs.get(id))
        .<LookupResult>map(job -> new LookupResult.Found(job.prediction()))
        .orElseGet(LookupResult.NotFound::new);
  }

  @Override
  public Listing list(int page) {
    return list(page, Filter.NONE);
  }

  @Override
  public Listing list(int page, Filter filter) {
    if (!call()) {
      return busy();
    }
    boolean filtered = !filter.equals(Filter.NONE);
    if (provider.list() == Provider.ListForm.REFUSED
        || (filtered && provider.filters() == Provider.Filters.REFUSED)) {
      return new Listing.Refused();
    }
    if (filtered && provider.filters() == Provider.Filters.EMPTY) {
      return new Listing.Page(List.of(), true);
    }
    boolean succeeded = filter.succeeded() && provider.filters() == Provider.Filters.HONOURED;
    Iterator<Job> inOrder =
        provider.list() == Provider.ListForm.OLDEST_FIRST
            ? jobs.sequencedValues().iterator()
            : jobs.sequencedValues().reversed().iterator();
    int skip = provider.list() == Provider.ListForm.NEWEST_50 ? 0 : (page - 1) * PAGE_SIZE;
    var entries = new ArrayList<Entry>();
    while (inOrder.hasNext() && entries.size() < PAGE_SIZE) {
      Job job = inOrder.next();
      if ((!succeeded || job.endedAt.isPresent()) && skip-- <= 0) {
        entries.add(
            new Entry(job.prediction(), Optional.of(job.generation), Optional.of(job.createdAt)));
      }
    }
    return new Listing.Page(entries, entries.size() < PAGE_SIZE);
  }

  @Override
  public Cancellation cancel(PredictionId id) {
    if (!call()) {
      return busy();
    }
    return new Cancellation.Refused();
  }

  @Override
  public Deletion delete(PredictionId id) {
    return call() ? new Deletion.Refused() : busy();
  }

  @Override
  public Fetch fetch(Output output) {
    Job job = Optional.ofNullable(byOutput.remove(output.url())).orElseThrow();
    Instant now = timeline.clock.instant();
    job.fetchedAt = Optional.of(now);
    return now.isBefore(job.endedAt.orElseThrow().plus(State.RETENTION))
        ? InMemorySkytells.content(Pictures.PNG, new ByteArrayInputStream(Pictures.PNG))
        : new Fetch.Gone();
  }
}
