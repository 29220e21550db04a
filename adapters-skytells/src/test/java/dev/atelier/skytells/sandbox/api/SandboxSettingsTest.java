package dev.atelier.skytells.sandbox.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.atelier.application.port.Secret;
import dev.atelier.skytells.sandbox.fault.SandboxFault;
import dev.atelier.skytells.sandbox.fault.SandboxFaults;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SandboxSettingsTest {
  @Test
  void anEmptyEnvironmentUsesTheDefaults() {
    SandboxSettings settings = SandboxSettings.from(Map.of());

    assertThat(settings.port()).isEqualTo(9100);
    assertThat(settings.apiKey()).isEqualTo(new Secret("sk-sandbox"));
    assertThat(settings.webhookSecret()).isEqualTo(new Secret("whsec_sandbox"));
    assertThat(settings.workTime()).isEqualTo(Duration.ofSeconds(2));
    assertThat(settings.retention()).isEqualTo(Duration.ofMinutes(5));
    assertThat(settings.requestsPerMinute()).isZero();
    assertThat(settings.faults()).isEqualTo(SandboxFaults.NONE);
  }

  @Test
  void theEnvironmentOverridesTheDefaults() {
    SandboxSettings settings =
        SandboxSettings.from(
            Map.of(
                "SANDBOX_PORT", "0",
                "SANDBOX_WORK_TIME_MS", "50",
                "SANDBOX_REQUESTS_PER_MINUTE", "20",
                "SANDBOX_FAULTS", "webhook:drop, get:429=3",
                "SKYTELLS_API_KEY", "sk-mine",
                "SKYTELLS_WEBHOOK_SECRET", "whsec_mine"));

    assertThat(settings)
        .isEqualTo(
            new SandboxSettings(
                0,
                new Secret("sk-mine"),
                new Secret("whsec_mine"),
                Duration.ofMillis(50),
                SandboxSettings.RETENTION,
                20,
                new SandboxFaults(Map.of(SandboxFault.WEBHOOK_DROP, 0, SandboxFault.GET_429, 3))));
  }

  @Test
  void invalidValuesAreRejected() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SandboxSettings.from(Map.of("SANDBOX_PORT", "-1")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SandboxSettings.from(Map.of("SANDBOX_WORK_TIME_MS", "-1")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SandboxSettings.from(Map.of("SANDBOX_FAULTS", "webhook:dorp")));
  }
}
