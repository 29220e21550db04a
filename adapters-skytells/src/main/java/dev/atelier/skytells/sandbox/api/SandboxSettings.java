package dev.atelier.skytells.sandbox.api;

import dev.atelier.application.port.Secret;
import dev.atelier.skytells.sandbox.fault.SandboxFaults;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Settings of a sandbox.
 *
 * @param port 0 selects a free one
 * @param workTime from creation to end
 * @param retention of outputs
 * @param requestsPerMinute 0 means no limit
 */
public record SandboxSettings(
    int port,
    Secret apiKey,
    Secret webhookSecret,
    Duration workTime,
    Duration retention,
    int requestsPerMinute,
    SandboxFaults faults) {

  /** As at Skytells. */
  public static final Duration RETENTION = Duration.ofMinutes(5);

  public SandboxSettings {
    if (port < 0 || port > 65535 || requestsPerMinute < 0) {
      throw new IllegalArgumentException(
          "port must be 0 to 65535, and requestsPerMinute not negative");
    }
    if (workTime.isNegative() || retention.isNegative()) {
      throw new IllegalArgumentException("workTime and retention must not be negative");
    }
  }

  public static SandboxSettings standard(Secret apiKey, Secret webhookSecret) {
    return new SandboxSettings(
        0, apiKey, webhookSecret, Duration.ofSeconds(2), RETENTION, 0, SandboxFaults.NONE);
  }

  /**
   * Reads the environment.
   *
   * @throws IllegalArgumentException if a value is invalid
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
