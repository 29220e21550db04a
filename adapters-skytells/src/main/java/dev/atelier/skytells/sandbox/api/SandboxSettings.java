package dev.atelier.skytells.sandbox.api;

import dev.atelier.application.port.Secret;
import dev.atelier.skytells.sandbox.Sandbox;
import dev.atelier.skytells.sandbox.fault.SandboxFaults;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a sandbox is like.
 *
 * @param port on the loopback address; 0 takes any that is free
 * @param apiKey what {@code x-api-key} must say
 * @param webhookSecret signs webhooks
 * @param workTime from acceptance to the end of a prediction
 * @param retention how long outputs stay after the end
 * @param requestsPerMinute over all of {@code /v1}; 0 is no limit
 * @param faults what goes wrong with every prediction
 */
public record SandboxSettings(
    int port,
    Secret apiKey,
    Secret webhookSecret,
    Duration workTime,
    Duration retention,
    int requestsPerMinute,
    SandboxFaults faults) {

  /** Skytells deletes outputs five minutes after a prediction has ended. */
  public static final Duration RETENTION = Duration.ofMinutes(5);

  /**
   * @throws IllegalArgumentException when a number or a duration is negative
   */
  public SandboxSettings {
    if (port < 0 || port > 65535 || requestsPerMinute < 0) {
      throw new IllegalArgumentException("port and requestsPerMinute must not be negative");
    }
    if (workTime.isNegative() || retention.isNegative()) {
      throw new IllegalArgumentException("workTime and retention must not be negative");
    }
  }

  /** A well-behaved sandbox on any free port, whose predictions take two seconds. */
  public static SandboxSettings standard(Secret apiKey, Secret webhookSecret) {
    return new SandboxSettings(
        0, apiKey, webhookSecret, Duration.ofSeconds(2), RETENTION, 0, SandboxFaults.NONE);
  }

  /**
   * Reads what {@link Sandbox#main} is told by its environment.
   *
   * @throws IllegalArgumentException when something makes no sense
   */
  public static SandboxSettings from(Map<String, String> environment) {
    return new SandboxSettings(
        Integer.parseInt(environment.getOrDefault("SANDBOX_PORT", "9100")),
        new Secret(environment.getOrDefault("SKYTELLS_API_KEY", "sk-sandbox")),
        new Secret(environment.getOrDefault("SKYTELLS_WEBHOOK_SECRET", "whsec_sandbox")),
        Duration.ofMillis(Long.parseLong(environment.getOrDefault("SANDBOX_WORK_TIME_MS", "2000"))),
        RETENTION,
        Integer.parseInt(environment.getOrDefault("SANDBOX_REQUESTS_PER_MINUTE", "0")),
        SandboxFaults.of(
            Stream.of(environment.getOrDefault("SANDBOX_FAULTS", "").split(","))
                .filter(tag -> !tag.isBlank())
                .toList()));
  }
}
