package dev.atelier.skytells.sandbox.http;

import java.io.InterruptedIOException;
import java.time.Duration;

/** Sleeps, for slow faults. */
public final class Delay {
  private Delay() {}

  public static void seconds(int seconds) throws InterruptedIOException {
    try {
      Thread.sleep(Duration.ofSeconds(seconds));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the sandbox is closing");
    }
  }
}
