package dev.atelier.skytells.client;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Makes calls again that may be made again: ever later, never before Skytells wants it. */
final class Retrier {
  private static final double JITTER = 0.25;

  private final SkytellsSettings.Retries settings;

  Retrier(SkytellsSettings.Retries settings) {
    this.settings = settings;
  }

  /**
   * Calls until the answer is not to be repeated or the budget is spent.
   *
   * @return the last answer
   */
  CallResult call(Supplier<CallResult> attempt, Predicate<CallResult> repeatable) {
    long end = System.nanoTime() + settings.budget().toNanos();
    var last = new AtomicReference<CallResult>(new CallResult.NotSent("interrupted"));
    RetryPolicy<CallResult> policy =
        RetryPolicy.<CallResult>builder()
            .handleResultIf(
                callResult ->
                    repeatable.test(callResult)
                        && delay(callResult).toNanos() <= end - System.nanoTime())
            // A bug must not be answered by sending again.
            .handleIf(_ -> false)
            .withMaxRetries(-1)
            .withMaxDuration(settings.budget())
            .withBackoff(settings.firstDelay(), settings.maxDelay())
            .withJitter(JITTER)
            .withDelayFn(context -> delay(context.getLastResult()))
            .build();
    try {
      return Failsafe.with(policy)
          .get(
              () -> {
                CallResult callResult = attempt.get();
                last.set(callResult);
                return callResult;
              });
    } catch (FailsafeException e) {
      // Interrupted while waiting; the thread's flag is set again.
      return last.get();
    }
  }

  /**
   * What Skytells asked for, stretched so that jitter, which goes both ways, never comes before it;
   * negative where it asked for nothing.
   */
  private static Duration delay(CallResult callResult) {
    return callResult
        .retryAfter()
        .map(wait -> Duration.ofNanos((long) (wait.toNanos() / (1 - JITTER))))
        .orElse(Duration.ofNanos(-1));
  }
}
