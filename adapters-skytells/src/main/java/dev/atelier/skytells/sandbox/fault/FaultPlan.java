package dev.atelier.skytells.sandbox.fault;

import dev.atelier.skytells.sandbox.http.FullResponse;
import dev.atelier.skytells.sandbox.http.RefusedException;

/** Selects the faults of the next create request: from settings, announcements and its prompt. */
public final class FaultPlan {
  private final SandboxFaults always;
  private SandboxFaults queued = SandboxFaults.NONE;
  private int remaining;

  public FaultPlan(SandboxFaults always) {
    this.always = always;
  }

  /** Replaces an earlier announcement. */
  public synchronized void queue(SandboxFaults faults, int requests) {
    queued = faults;
    remaining = requests;
  }

  /**
   * Takes the faults of this request.
   *
   * @throws RefusedException with 422 if the prompt names an unknown fault
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
    return queued;
  }
}
