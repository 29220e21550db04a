package dev.atelier.skytells.sandbox;

import dev.atelier.application.port.Secret;
import dev.atelier.skytells.sandbox.api.SandboxSettings;
import dev.atelier.skytells.sandbox.fault.SandboxFaults;
import java.time.Clock;
import java.time.Duration;

/** Sandboxes for tests. */
public final class Sandboxes {
  private Sandboxes() {}

  /** Without faults and rate limit; the caller closes it. */
  public static Sandbox started(String apiKey, String webhookSecret, Duration workTime) {
    var settings =
        new SandboxSettings(
            0,
            new Secret(apiKey),
            new Secret(webhookSecret),
            workTime,
            SandboxSettings.RETENTION,
            0,
            SandboxFaults.NONE);
    var sandbox = new Sandbox(settings, Clock.systemUTC());
    sandbox.start();
    return sandbox;
  }
}
