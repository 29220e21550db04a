package dev.atelier.skytells.sandbox.api;

import dev.atelier.skytells.sandbox.api.Job.Phase;
import dev.atelier.skytells.sandbox.fault.SandboxFault;
import dev.atelier.skytells.sandbox.fault.SandboxFaults;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Brings predictions from acceptance to their end, and tells their webhooks. */
public final class Worker {
  private final SandboxSettings settings;
  private final Clock clock;
  private final Jobs jobs;
  private final Outputs outputs;
  private final WebhookSender webhooks;
  private final ScheduledExecutorService timer;
  private final Random luck = new Random(1);

  public Worker(
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
  Job accept(CreateRequest createRequest, SandboxFaults faults) {
    String uuid = UUID.randomUUID().toString();
    String id = faults.has(SandboxFault.CREATE_UUID) ? uuid : "pred_" + uuid.replace("-", "");
    var job = new Job(id, createRequest, drawLots(faults), clock.instant());
    jobs.add(job);
    if (faults.has(SandboxFault.WEBHOOK_EARLY)) {
      finish(job).ifPresent(how -> webhooks.announceAndWait(job, how));
    } else if (createRequest.model().isInstant()) {
      finishNow(job);
    } else {
      after(settings.workTime().dividedBy(5), () -> start(job));
      after(settings.workTime(), () -> finishNow(job));
    }
    return job;
  }

  /** Decides whether this one is among those whose webhook is lost. */
  private SandboxFaults drawLots(SandboxFaults faults) {
    boolean lost = luck.nextInt(100) < faults.number(SandboxFault.WEBHOOK_LOSSY);
    return lost ? faults.and(SandboxFaults.of(SandboxFault.WEBHOOK_DROP)) : faults;
  }

  /** Ends a prediction now, as it would have ended by itself. */
  void finishNow(Job job) {
    finish(job).ifPresent(how -> webhooks.announce(job, how));
  }

  /**
   * Calls a prediction off.
   *
   * @return whether it had not ended already
   */
  boolean cancel(Job job) {
    boolean first = job.end(Phase.CANCELED, clock.instant());
    if (first) {
      webhooks.announce(job, Phase.CANCELED);
    }
    return first;
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

  /** How the prediction ended just now; empty when it had already, or never does. */
  private Optional<Phase> finish(Job job) {
    Optional<Phase> end = outcome(job.faults()).filter(how -> job.end(how, clock.instant()));
    if (end.isPresent()) {
      after(settings.retention(), () -> outputs.forget(job));
    }
    return end;
  }

  private static Optional<Phase> outcome(SandboxFaults faults) {
    if (faults.has(SandboxFault.WORK_STUCK)) {
      return Optional.empty();
    }
    if (faults.has(SandboxFault.WORK_CANCELED) || faults.has(SandboxFault.WORK_CANCELLED)) {
      return Optional.of(Phase.CANCELED);
    }
    boolean fails =
        faults.has(SandboxFault.WORK_FAIL)
            || faults.has(SandboxFault.WORK_FAIL_ID)
            || faults.has(SandboxFault.WORK_FAIL_LONG)
            || faults.has(SandboxFault.WORK_FAIL_RESPONSE);
    return Optional.of(fails ? Phase.FAILED : Phase.SUCCEEDED);
  }

  private void after(Duration delay, Runnable task) {
    var _ = timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
  }
}
