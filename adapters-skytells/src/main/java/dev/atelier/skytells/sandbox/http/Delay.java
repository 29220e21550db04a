package dev.atelier.skytells.sandbox.http;

import java.io.InterruptedIOException;
import java.time.Duration;

/** Doing nothing for a while, on purpose: some faults are slow. */
public final class Delay {
  private Delay() {}

  /**
   * Waits.
   *
   * @throws InterruptedIOException when the sandbox is closed meanwhile
   */
  public static void seconds(int seconds) throws InterruptedIOException {
    try {
      Thread.sleep(Duration.ofSeconds(seconds));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the sandbox is closing");
    }
  }
}
