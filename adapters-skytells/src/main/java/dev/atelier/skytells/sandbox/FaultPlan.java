package dev.atelier.skytells.sandbox;

/** Decides which faults the next order gets: everybody's, those announced for it, its own. */
final class FaultPlan {
  private final SandboxFaults always;
  private SandboxFaults announced = SandboxFaults.NONE;
  private int remaining;

  FaultPlan(SandboxFaults always) {
    this.always = always;
  }

  /** From now on, so many orders get these faults; what was announced before is forgotten. */
  synchronized void announce(SandboxFaults faults, int orders) {
    announced = faults;
    remaining = orders;
  }

  /**
   * The faults of the order with this prompt.
   *
   * @throws RefusedException with a 422 when the prompt names a fault that does not exist
   */
  SandboxFaults next(String prompt) throws RefusedException {
    try {
      return always.and(take()).and(SandboxFaults.in(prompt));
    } catch (IllegalArgumentException e) {
      throw new RefusedException(Reply.error(422, "INVALID_INPUT", String.valueOf(e.getMessage())));
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
