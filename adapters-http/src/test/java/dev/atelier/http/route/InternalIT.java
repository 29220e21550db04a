package dev.atelier.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.http.Response;
import dev.atelier.http.TestServer;
import dev.atelier.http.auth.AccessSettings;
import dev.atelier.http.auth.ApiKeyIT;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InternalIT {
  @Test
  void theInternalKeyStartsASweep() {
    try (var studio = TestServer.start()) {
      assertThat(studio.generate(TestServer.BODY).status()).isEqualTo(202);

      Response swept = studio.post("/internal/sweep", "", "Authorization", "Bearer internal-key");

      assertThat(swept.status()).isEqualTo(200);
      assertThat(swept.text())
          .isEqualTo("{\"toStore\":0,\"toObserve\":0,\"toRemove\":0,\"moved\":0}");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer internal-kez", "Bearer ", "internal-key", "Basic internal-key"})
  void anyOtherCredentialIsRejected(String credential) {
    try (var studio = TestServer.start()) {
      Response response = studio.post("/internal/sweep", "", "Authorization", credential);

      response.isProblem(401, "unauthenticated");
      assertThat(response.header("WWW-Authenticate")).contains("Bearer");
    }
  }

  @Test
  void aMissingCredentialIsRejected() {
    try (var studio = TestServer.start()) {
      studio.post("/internal/sweep", "").isProblem(401, "unauthenticated");
    }
  }

  @Test
  void withoutAKeyTheMetricsAreOpenIfAuthIsNone() {
    try (var open = TestServer.start(TestServer.OPEN, Optional.empty())) {
      assertThat(open.get("/metrics").status()).isEqualTo(200);
      open.post("/internal/sweep", "").isProblem(401, "unauthenticated");
    }
  }

  @Test
  void withoutAKeyTheMetricsAreClosedIfAuthIsEnabled() {
    var accessSettings =
        new AccessSettings(ApiKeyIT.KEYS, Optional.empty(), OptionalInt.empty(), Set.of());
    try (var locked = TestServer.start(accessSettings, Optional.empty())) {
      locked.get("/metrics").isProblem(401, "unauthenticated");
      locked
          .get("/metrics", "Authorization", "Bearer " + TestServer.BEARER)
          .isProblem(401, "unauthenticated");
    }
  }

  @Test
  void theInternalKeyReadsTheMetrics() {
    try (var studio = TestServer.start()) {
      studio.get("/metrics").isProblem(401, "unauthenticated");
      studio.post("/api/webhooks", "{}").isProblem(401, "invalid_signature");
      assertThat(
              studio.post("/internal/sweep", "", "Authorization", "Bearer internal-key").status())
          .isEqualTo(200);

      Response metrics = studio.get("/metrics", "Authorization", "Bearer internal-key");

      assertThat(metrics.status()).isEqualTo(200);
      assertThat(metrics.header("Content-Type"))
          .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
      assertThat(metrics.text())
          .contains("atelier_generations_unfinished{state=\"queued\"} 1.0\n")
          .contains("atelier_outputs_waiting 3.0\n")
          .contains("atelier_oldest_unfinished_age_seconds 60.0\n")
          .contains("atelier_generations_unreadable 2.0\n")
          .contains("atelier_webhooks_total{outcome=\"bad_signature\"} 1.0\n")
          .contains("atelier_sweep_duration_seconds_count 1\n");
    }
  }
}
