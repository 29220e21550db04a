package dev.atelier.application.promise;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One thing that happens in the world. Generations, unended sales and waiting webhooks are named by
 * a number that is wrapped around what there is, so that a script without some of its steps is a
 * script still.
 */
sealed interface Step {
  /**
   * A client asks for a generation.
   *
   * @param key the how manieth of a few wishes of the owner it is; empty when it has no key
   * @param early how Skytells ends it before its create call is answered
   * @param webhookFirst whether the first webhook overtakes the create reply
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

  /** A client wants a generation called off. */
  record Cancel(int instance, int generation) implements Step {}

  /** A client wants a generation deleted. */
  record Delete(int instance, int generation) implements Step {}

  /** Skytells begins to work. */
  record Begin(int sale) implements Step {}

  /** Skytells has finished, one way or another. */
  record End(int sale, Ending ending) implements Step {}

  /**
   * A webhook arrives; in which order, the numbers decide.
   *
   * @param again whether it will come once more
   */
  record Deliver(int instance, int webhook, Address address, boolean again) implements Step {}

  /** A webhook never arrives. */
  record Lose(int webhook) implements Step {}

  /** An instance sweeps once, and does not wait for its transfers. */
  record Sweep(int instance) implements Step {}

  /** An instance's transfers come forward. */
  record Transfer(int instance, int atMost) implements Step {}

  /** Time passes, and nobody does anything. */
  record Pass(Duration time) implements Step {}

  /** Every instance sweeps and transfers, once a second. */
  record Live(int seconds) implements Step {}

  /** Something breaks, and stays so until it is mended. */
  record Break(Outage outage) implements Step {}

  /** It works again. */
  record Mend(Outage outage) implements Step {}

  /** An instance is killed while it is idle, and started again. */
  record Kill(int instance) implements Step {}

  /**
   * Something happens in the midst of what an instance does next.
   *
   * @param calls how many calls to the outside world it makes before
   */
  record Ambush(int instance, int calls, Surprise surprise) implements Step {}

  /** What becomes of a create call. */
  enum Reply {
    QUEUED,
    AS_IT_STANDS,
    LOST,
    NEVER_SENT,
    REFUSED
  }

  /** Where a webhook goes. */
  enum Address {
    ITS_GENERATION,
    NONE,
    ANOTHER_GENERATION
  }

  /** What can be broken for a while. */
  enum Outage {
    DATABASE,
    STORAGE,
    SKYTELLS,
    /** The list shows nothing. */
    LIST,
    /** Skytells says that it knows no such prediction. */
    FIND
  }

  /** What happens in the midst of a call. */
  sealed interface Surprise {
    /** The process dies before the call has had an effect. */
    record CrashBefore() implements Surprise {}

    /** The process dies when the call has had its effect. */
    record CrashAfter() implements Surprise {}

    /** The call has its effect, and the caller is told that it failed. */
    record ReplyLost() implements Surprise {}

    /** Another step comes in between. */
    record Meanwhile(Step step) implements Surprise {}
  }

  /** How Skytells ends its work. */
  sealed interface Ending {
    /**
     * Well.
     *
     * @param clock how far Skytells' clock is ahead of ours; empty when it names no time
     */
    record Pictures(List<Picture> pictures, Optional<Duration> clock) implements Ending {}

    /** Well, it says, but there is nothing. */
    record Nothing() implements Ending {}

    /** Badly. */
    record Failed() implements Ending {}

    /** Called off. */
    record Canceled() implements Ending {}
  }

  /**
   * One output: in trouble at first, then as it should be, and deleted after five minutes.
   *
   * @param after what its address answers when it is deleted
   */
  record Picture(Trouble trouble, Duration lasting, Trouble after) {}

  /** What an output's address answers. */
  enum Trouble {
    NONE,
    UNAVAILABLE,
    BREAKS_OFF,
    NOT_THERE,
    ERROR_PAGE,
    FORBIDDEN
  }
}
