package dev.atelier.application.promise;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A step of a script. Generations, running predictions and undelivered webhooks are identified by
 * an index modulo their number, so that a script stays valid when steps are removed.
 */
sealed interface Step {
  /**
   * A client starts a generation.
   *
   * @param key a number for the idempotency key
   * @param early how the prediction ends before the create response
   * @param webhookFirst whether the first webhook arrives before the create response
   */
  record Accept(
      int instance,
      int owner,
      Optional<Integer> key,
      boolean video,
      Reply reply,
      Optional<Ending> early,
      boolean webhookFirst)
      implements Step {}

  /** A client cancels a generation. */
  record Cancel(int instance, int generation) implements Step {}

  /** A client deletes a generation. */
  record Delete(int instance, int generation) implements Step {}

  /** The prediction starts processing. */
  record Begin(int prediction) implements Step {}

  /** The prediction ends. */
  record End(int prediction, Ending ending) implements Step {}

  /**
   * A webhook arrives.
   *
   * @param again whether it can be delivered once more
   */
  record Deliver(int instance, int webhook, Address address, boolean again) implements Step {}

  /** A webhook is lost. */
  record Lose(int webhook) implements Step {}

  /** An instance sweeps once, without waiting for its transfers. */
  record Sweep(int instance) implements Step {}

  /** An instance runs background tasks. */
  record Transfer(int instance, int atMost) implements Step {}

  /** Time passes without a sweep. */
  record Advance(Duration time) implements Step {}

  /** Every instance sweeps and runs its background tasks once a second. */
  record Run(int seconds) implements Step {}

  /** An outage starts. */
  record Break(Outage outage) implements Step {}

  /** The outage ends. */
  record Repair(Outage outage) implements Step {}

  /** An idle instance crashes and restarts. */
  record Kill(int instance) implements Step {}

  /**
   * Injects a fault into the next operation of an instance.
   *
   * @param calls the number of port calls before the fault
   */
  record InjectFault(int instance, int calls, Fault fault) implements Step {}

  /** The outcome of a create call. */
  enum Reply {
    QUEUED,
    AS_IT_STANDS,
    LOST,
    NEVER_SENT,
    REFUSED
  }

  /** The generation that the URL of a webhook names. */
  enum Address {
    ITS_GENERATION,
    NONE,
    ANOTHER_GENERATION
  }

  /** A resource that can fail for a while. */
  enum Outage {
    DATABASE,
    STORAGE,
    SKYTELLS,
    /** The list is empty. */
    LIST,
    /** Lookups return "not found". */
    FIND
  }

  /** A fault during a port call. */
  sealed interface Fault {
    /** The process crashes before the call takes effect. */
    record CrashBefore() implements Fault {}

    /** The process crashes after the call took effect. */
    record CrashAfter() implements Fault {}

    /** The call takes effect, but fails for the caller. */
    record ReplyLost() implements Fault {}

    /** Another step runs first. */
    record Meanwhile(Step step) implements Fault {}
  }

  /** How a prediction ends. */
  sealed interface Ending {
    /**
     * Succeeded.
     *
     * @param clock the offset of the provider's clock; empty if it states no completion time
     */
    record Pictures(List<Picture> pictures, Optional<Duration> clock) implements Ending {}

    /** Succeeded without outputs. */
    record Nothing() implements Ending {}

    /** Failed. */
    record Failed() implements Ending {}

    /** Canceled. */
    record Canceled() implements Ending {}
  }

  /**
   * An output. Downloads fail at first, then succeed, and fail again after the expiry.
   *
   * @param lasting how long they fail at first
   * @param after how they fail after the expiry
   */
  record Picture(DownloadFault first, Duration lasting, DownloadFault after) {}

  /** How a download fails. */
  enum DownloadFault {
    NONE,
    UNAVAILABLE,
    BREAKS_OFF,
    NOT_THERE,
    ERROR_PAGE,
    FORBIDDEN
  }
}
