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
 * Metrics in the Prometheus text format. It decorates ports and use cases, so they do not depend on
 * it.
 */
public final class Metrics {
  public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final BacklogMetrics backlogMetrics;
  private final Clock clock;
  private final Counter saves =
      Counter.builder()
          .name("atelier_generation_saves_total")
          .help(
              "Saved generations by resulting state, and by code if failed. Storing one of several outputs counts although the state stays the same. Excludes deleted generations.")
          .labelNames("state", "code")
          .register(registry);
  private final Counter webhooks =
      Counter.builder()
          .name("atelier_webhooks_total")
          .help("Webhooks by outcome.")
          .labelNames("outcome")
          .register(registry);
  private final Histogram sweeps =
      Histogram.builder()
          .name("atelier_sweep_duration_seconds")
          .help("Duration of a sweep.")
          .classicOnly()
          .register(registry);

  public Metrics(BacklogMetrics backlogMetrics, Clock clock) {
    this.backlogMetrics = backlogMetrics;
    this.clock = clock;
  }

  public Generations counting(Generations generations) {
    return new Generations() {
      @Override
      public Insertion insert(
          Generation generation, Optional<IdempotencyKey> key, OwnerLimits limits) {
        Insertion insertion = generations.insert(generation, key, limits);
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
      public Optional<Generation> findByKey(UserId owner, IdempotencyKey key) {
        return generations.findByKey(owner, key);
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

  public HandleWebhook counting(HandleWebhook handleWebhook) {
    return command -> {
      HandleWebhook.Result result = handleWebhook.handle(command);
      webhooks.labelValues(result.name().toLowerCase(Locale.ROOT)).inc();
      return result;
    };
  }

  public GenerationSubscriptions counting(GenerationSubscriptions generationSubscriptions) {
    var _ =
        GaugeWithCallback.builder()
            .name("atelier_subscriptions")
            .help("Clients that wait for a generation to end or stream its events.")
            .callback(gauge -> gauge.call(generationSubscriptions.size()))
            .register(registry);
    return generationSubscriptions;
  }

  public Sweep timing(Sweep sweep) {
    return command -> {
      Instant start = clock.instant();
      try {
        return sweep.sweep(command);
      } finally {
        sweeps.observe(seconds(Duration.between(start, clock.instant())));
      }
    };
  }

  private void count(Generation generation) {
    String code =
        generation.state() instanceof State.Failed failed ? failed.failure().code().value() : "";
    saves.labelValues(StateName.of(generation.state()).value(), code).inc();
  }

  /**
   * Writes all metrics.
   *
   * @throws dev.atelier.application.port.UnavailableException before anything is written, when the
   *     backlog cannot be counted
   */
  public void write(OutputStream out) throws IOException {
    BacklogMetrics.Report report = backlogMetrics.count();
    var snapshots = MetricSnapshots.builder();
    registry.scrape().forEach(snapshots::metricSnapshot);
    snapshots.metricSnapshot(unfinished(report));
    snapshots.metricSnapshot(
        gauge(
            "atelier_outputs_waiting",
            "Outputs that are not stored yet.",
            (double) report.outputsWaiting()));
    snapshots.metricSnapshot(
        gauge(
            "atelier_oldest_unfinished_age_seconds",
            "Seconds since the oldest unfinished generation was accepted; 0 if there is none.",
            report
                .oldest()
                .map(oldest -> seconds(Duration.between(oldest, clock.instant())))
                .orElse(0.0)));
    snapshots.metricSnapshot(
        gauge(
            "atelier_generations_unreadable",
            "Generations that this instance could not read, within the last hour.",
            (double) report.unreadable()));
    PrometheusTextFormatWriter.create().write(out, snapshots.build());
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
