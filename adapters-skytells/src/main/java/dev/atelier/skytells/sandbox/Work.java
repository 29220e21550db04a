package dev.atelier.skytells.sandbox;

import dev.atelier.skytells.sandbox.Job.Phase;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Brings predictions from acceptance to their end, and tells their webhooks. */
final class Work {
  private final SandboxSettings settings;
  private final Clock clock;
  private final Jobs jobs;
  private final Outputs outputs;
  private final WebhookSender webhooks;
  private final ScheduledExecutorService timer;

  Work(
      SandboxSettings settings,
      Clock clock,
      Jobs jobs,
      Outputs outputs,
      WebhookSender webhooks,
      ScheduledExecutorService timer) {
    this.settings = settings;
    this.clock = clock;
    this.jobs = jobs;
    this.outputs = outputs;
    this.webhooks = webhooks;
    this.timer = timer;
  }

  /** Takes an order on; it ends by itself. */
  Job accept(Order order, SandboxFaults faults) {
    String id = "pred_" + UUID.randomUUID().toString().replace("-", "");
    var job = new Job(id, order, faults, clock.instant());
    jobs.add(job);
    if (order.model().isInstant()) {
      end(job, Phase.SUCCEEDED);
    } else {
      after(settings.workTime().dividedBy(5), () -> start(job));
      after(settings.workTime(), () -> end(job, Phase.SUCCEEDED));
    }
    return job;
  }

  /**
   * Ends a prediction, unless it has ended already.
   *
   * @return whether this was its end
   */
  boolean end(Job job, Phase how) {
    if (!job.end(how, clock.instant())) {
      return false;
    }
    webhooks.announce(job, how);
    after(settings.retention(), () -> outputs.forget(job));
    return true;
  }

  /** Removes a prediction and its outputs. */
  void delete(Job job) {
    job.delete();
    outputs.forget(job);
  }

  private void start(Job job) {
    if (job.start(clock.instant())) {
      webhooks.announce(job, Phase.PROCESSING);
    }
  }

  private void after(Duration delay, Runnable task) {
    var _ = timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
  }
}
