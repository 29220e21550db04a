package dev.atelier.skytells.sandbox.fault;

import dev.atelier.skytells.sandbox.http.FullResponse;
import dev.atelier.skytells.sandbox.http.RefusedException;

/** Decides which faults the next order gets: everybody's, those announced for it, its own. */
public final class FaultPlan {
  private final SandboxFaults always;
  private SandboxFaults announced = SandboxFaults.NONE;
  private int remaining;

  public FaultPlan(SandboxFaults always) {
    this.always = always;
  }

  /** From now on, so many orders get these faults; what was announced before is forgotten. */
  public synchronized void announce(SandboxFaults faults, int orders) {
    announced = faults;
    remaining = orders;
  }

  /**
   * The faults of the order with this prompt.
   *
   * @throws RefusedException with a 422 when the prompt names a fault that does not exist
   */
  public SandboxFaults next(String prompt) throws RefusedException {
    try {
      return always.and(take()).and(SandboxFaults.in(prompt));
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          FullResponse.error(422, "INVALID_INPUT", String.valueOf(e.getMessage())));
    }
  }

  private synchronized SandboxFaults take() {
    if (remaining <= 0) {
      return SandboxFaults.NONE;
    }
    remaining--;
    return announced;
  }
}
