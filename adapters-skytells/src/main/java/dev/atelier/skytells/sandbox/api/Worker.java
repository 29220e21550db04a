package dev.atelier.skytells.sandbox.api;

import dev.atelier.skytells.sandbox.api.Job.Phase;
import dev.atelier.skytells.sandbox.fault.SandboxFault;
import dev.atelier.skytells.sandbox.fault.SandboxFaults;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Runs predictions and sends their webhooks. */
public final class Worker {
  private final SandboxSettings settings;
  private final Clock clock;
  private final Jobs jobs;
  private final InputImages inputs;
  private final Outputs outputs;
  private final WebhookSender webhooks;
  private final ScheduledExecutorService timer;
  private final Random random = new Random(1);

  public Worker(
      SandboxSettings settings,
      Clock clock,
      Jobs jobs,
      InputImages inputs,
      Outputs outputs,
      WebhookSender webhooks,
      ScheduledExecutorService timer) {
    this.settings = settings;
    this.clock = clock;
    this.jobs = jobs;
    this.inputs = inputs;
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
      finish(job, inputs.fetch(job).join()).ifPresent(end -> webhooks.sendAndWait(job, end));
    } else if (createRequest.model().isInstant()) {
      finishNow(job);
    } else {
      after(settings.workTime().dividedBy(5), () -> start(job));
      after(
          settings.workTime(),
          () -> {
            var _ = finishWithInputs(job);
          });
    }
    return job;
  }

  private SandboxFaults withRandomDrop(SandboxFaults faults) {
    boolean dropped = random.nextInt(100) < faults.number(SandboxFault.WEBHOOK_LOSSY);
    return dropped ? faults.and(SandboxFaults.of(SandboxFault.WEBHOOK_DROP)) : faults;
  }

  /** Waits for the downloads of its inputs. */
  void finishNow(Job job) {
    finishWithInputs(job).join();
  }

  /** Does not block: the timer calls it. */
  private CompletableFuture<Void> finishWithInputs(Job job) {
    if (job.phase().isEnd()) {
      return CompletableFuture.completedFuture(null);
    }
    return inputs
        .fetch(job)
        .thenAccept(fetched -> finish(job, fetched).ifPresent(end -> webhooks.send(job, end)));
  }

  /** Returns false if it had ended. */
  boolean cancel(Job job) {
    boolean canceled = job.end(Phase.CANCELED, clock.instant());
    if (canceled) {
      inputs.drop(job);
      webhooks.send(job, Phase.CANCELED);
    }
    return canceled;
  }

  void delete(Job job) {
    job.delete();
    // A running prediction still needs its inputs.
    if (job.phase().isEnd()) {
      outputs.delete(job);
    }
  }

  private void start(Job job) {
    if (job.start(clock.instant())) {
      var _ = inputs.fetch(job);
      webhooks.send(job, Phase.PROCESSING);
    }
  }

  /** Empty if it had ended, or never ends. */
  private Optional<Phase> finish(Job job, InputImages.Fetched fetched) {
    Optional<Phase> end =
        outcome(job.faults()).flatMap(outcome -> end(job, outcome, fetched.failure()));
    if (end.isPresent()) {
      after(settings.retention(), () -> outputs.delete(job));
    } else if (job.phase() != Phase.SUCCEEDED) {
      inputs.drop(job);
    }
    return end;
  }

  private Optional<Phase> end(Job job, Phase outcome, Optional<String> failure) {
    boolean fails = outcome == Phase.SUCCEEDED && failure.isPresent();
    boolean ended =
        fails ? job.fail(failure.get(), clock.instant()) : job.end(outcome, clock.instant());
    return ended ? Optional.of(fails ? Phase.FAILED : outcome) : Optional.empty();
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
