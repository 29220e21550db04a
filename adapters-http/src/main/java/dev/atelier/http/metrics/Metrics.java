package dev.atelier.http.metrics;

import dev.atelier.application.port.BacklogMetrics;
import dev.atelier.application.port.Generations;
import dev.atelier.application.subscribe.GenerationSubscriptions;
import dev.atelier.application.sweep.Sweep;
import dev.atelier.application.webhook.HandleWebhook;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.IdempotencyKey;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.State;
import dev.atelier.domain.StateName;
import dev.atelier.domain.Status;
import dev.atelier.domain.UserId;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What an operator watches, in the text format of Prometheus. Counts by wrapping what it counts, so
 * that nothing else knows of it.
 */
public final class Metrics {
  /** What {@link #write} writes. */
  public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final BacklogMetrics backlogMetrics;
  private final Clock clock;
  private final Counter moves =
      Counter.builder()
          .name("atelier_generation_moves_total")
          .help(
              "Steps of generations by the state that they came into or stayed in, as with each output that is stored; with the code of those that failed. Without deleted ones.")
          .labelNames("state", "code")
          .register(registry);
  private final Counter webhooks =
      Counter.builder()
          .name("atelier_webhooks_total")
          .help("Webhooks by what became of them.")
          .labelNames("outcome")
          .register(registry);
  private final Histogram sweeps =
      Histogram.builder()
          .name("atelier_sweep_duration_seconds")
          .help("How long a sweep took.")
          .classicOnly()
          .register(registry);

  /**
   * Wires the metrics.
   *
   * @param clock tells the age of what is unfinished, and how long a sweep took
   */
  public Metrics(BacklogMetrics backlogMetrics, Clock clock) {
    this.backlogMetrics = backlogMetrics;
    this.clock = clock;
  }

  /** The same generations, whose moves are counted. */
  public Generations counting(Generations generations) {
    return new Generations() {
      @Override
      public Insertion insert(
          Generation generation, Optional<IdempotencyKey> key, int activeLimit) {
        Insertion insertion = generations.insert(generation, key, activeLimit);
        if (insertion instanceof Insertion.Inserted) {
          count(generation);
        }
        return insertion;
      }

      @Override
      public Optional<Generation> find(GenerationId id) {
        return generations.find(id);
      }

      @Override
      public Optional<Generation> findByPrediction(PredictionId id) {
        return generations.findByPrediction(id);
      }

      @Override
      public List<Generation> list(
          Optional<UserId> owner, Set<Status> statuses, Optional<Position> after, int limit) {
        return generations.list(owner, statuses, after, limit);
      }

      @Override
      public Saving save(Generation next) {
        Saving saving = generations.save(next);
        if (saving == Saving.SAVED && !next.deleted()) {
          count(next);
        }
        return saving;
      }

      @Override
      public List<Claim> claim(Work work, Instant now, Duration lease, int limit) {
        return generations.claim(work, now, lease, limit);
      }

      @Override
      public int acceptedSince(Instant since) {
        return generations.acceptedSince(since);
      }

      @Override
      public void remove(GenerationId id) {
        generations.remove(id);
      }

      @Override
      public void postpone(Generation generation, Instant dueAt) {
        generations.postpone(generation, dueAt);
      }
    };
  }

  /** The same use case, whose outcomes are counted. */
  public HandleWebhook counting(HandleWebhook handleWebhook) {
    return command -> {
      HandleWebhook.Result result = handleWebhook.handle(command);
      webhooks.labelValues(result.name().toLowerCase(Locale.ROOT)).inc();
      return result;
    };
  }

  /** The same watches, whose number is shown. */
  public GenerationSubscriptions counting(GenerationSubscriptions generationSubscriptions) {
    var _ =
        GaugeWithCallback.builder()
            .name("atelier_watches")
            .help("Clients that wait for a generation's end or follow its events.")
            .callback(gauge -> gauge.call(generationSubscriptions.size()))
            .register(registry);
    return generationSubscriptions;
  }

  /** The same use case, whose time is taken. */
  public Sweep timing(Sweep sweep) {
    return command -> {
      Instant begin = clock.instant();
      try {
        return sweep.sweep(command);
      } finally {
        sweeps.observe(seconds(Duration.between(begin, clock.instant())));
      }
    };
  }

  private void count(Generation generation) {
    String code =
        generation.state() instanceof State.Failed failed ? failed.failure().code().value() : "";
    moves.labelValues(StateName.of(generation.state()).value(), code).inc();
  }

  /**
   * Counts what is unfinished, and writes everything.
   *
   * @throws dev.atelier.application.port.UnavailableException before anything is written, when
   *     nothing can be counted
   */
  public void write(OutputStream out) throws IOException {
    BacklogMetrics.Report report = backlogMetrics.count();
    var all = MetricSnapshots.builder();
    registry.scrape().forEach(all::metricSnapshot);
    all.metricSnapshot(unfinished(report));
    all.metricSnapshot(
        gauge(
            "atelier_outputs_waiting",
            "Outputs that have still to be stored.",
            (double) report.outputsWaiting()));
    all.metricSnapshot(
        gauge(
            "atelier_oldest_unfinished_age_seconds",
            "How long ago the oldest unfinished generation was accepted; 0 when there is none.",
            report
                .oldest()
                .map(oldest -> seconds(Duration.between(oldest, clock.instant())))
                .orElse(0.0)));
    all.metricSnapshot(
        gauge(
            "atelier_generations_unreadable",
            "Generations that this instance found unreadable within the last hour.",
            (double) report.unreadable()));
    PrometheusTextFormatWriter.create().write(out, all.build());
  }

  private static GaugeSnapshot unfinished(BacklogMetrics.Report report) {
    var gauge =
        GaugeSnapshot.builder()
            .name("atelier_generations_unfinished")
            .help("Unfinished generations by state.");
    report
        .unfinished()
        .forEach(
            (state, count) ->
                gauge.dataPoint(
                    GaugeDataPointSnapshot.builder()
                        .labels(Labels.of("state", state))
                        .value((double) count)
                        .build()));
    return gauge.build();
  }

  private static GaugeSnapshot gauge(String name, String help, double value) {
    return GaugeSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(GaugeDataPointSnapshot.builder().value(value).build())
        .build();
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
