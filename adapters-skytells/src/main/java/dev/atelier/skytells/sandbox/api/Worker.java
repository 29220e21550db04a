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

/** Runs predictions and sends their webhooks. */
public final class Worker {
  private final SandboxSettings settings;
  private final Clock clock;
  private final Jobs jobs;
  private final Outputs outputs;
  private final WebhookSender webhooks;
  private final ScheduledExecutorService timer;
  private final Random random = new Random(1);

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

  Job create(CreateRequest createRequest, SandboxFaults faults) {
    String uuid = UUID.randomUUID().toString();
    String id = faults.has(SandboxFault.CREATE_UUID) ? uuid : "pred_" + uuid.replace("-", "");
    var job = new Job(id, createRequest, withRandomDrop(faults), clock.instant());
    jobs.add(job);
    if (faults.has(SandboxFault.WEBHOOK_EARLY)) {
      finish(job).ifPresent(end -> webhooks.sendAndWait(job, end));
    } else if (createRequest.model().isInstant()) {
      finishNow(job);
    } else {
      after(settings.workTime().dividedBy(5), () -> start(job));
      after(settings.workTime(), () -> finishNow(job));
    }
    return job;
  }

  private SandboxFaults withRandomDrop(SandboxFaults faults) {
    boolean dropped = random.nextInt(100) < faults.number(SandboxFault.WEBHOOK_LOSSY);
    return dropped ? faults.and(SandboxFaults.of(SandboxFault.WEBHOOK_DROP)) : faults;
  }

  void finishNow(Job job) {
    finish(job).ifPresent(end -> webhooks.send(job, end));
  }

  /** Returns false if it had ended. */
  boolean cancel(Job job) {
    boolean canceled = job.end(Phase.CANCELED, clock.instant());
    if (canceled) {
      webhooks.send(job, Phase.CANCELED);
    }
    return canceled;
  }

  void delete(Job job) {
    job.delete();
    outputs.delete(job);
  }

  private void start(Job job) {
    if (job.start(clock.instant())) {
      webhooks.send(job, Phase.PROCESSING);
    }
  }

  /** Empty if it had ended, or never ends. */
  private Optional<Phase> finish(Job job) {
    Optional<Phase> end = outcome(job.faults()).filter(phase -> job.end(phase, clock.instant()));
    if (end.isPresent()) {
      after(settings.retention(), () -> outputs.delete(job));
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
