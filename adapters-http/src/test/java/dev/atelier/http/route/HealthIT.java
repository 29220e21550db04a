package dev.atelier.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.health.CheckReadinessService;
import dev.atelier.http.Response;
import dev.atelier.http.TestServer;
import dev.atelier.http.auth.AccessSettings;
import dev.atelier.http.auth.ApiKeyIT;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HealthIT {
  @Test
  void aHealthyServiceIsLiveAndReady() {
    try (var studio = TestServer.start()) {
      assertThat(studio.get("/health/live").status()).isEqualTo(200);
      Response ready = studio.get("/health/ready");
      assertThat(ready.status()).isEqualTo(200);
      assertThat(ready.text())
          .isEqualTo(
              "{\"ready\":true,\"dependencies\":["
                  + "{\"name\":\"database\",\"ready\":true},{\"name\":\"storage\",\"ready\":true},"
                  + "{\"name\":\"spool\",\"ready\":true}]}");
    }
  }

  @Test
  void anUnavailableDependencyIsNamedAndTheServiceStaysLive() {
    try (var studio = TestServer.start()) {
      studio.generations.breakDown(true);

      Response ready = studio.get("/health/ready").isProblem(503, "unavailable");

      assertThat(ready.json().get("ready").booleanValue()).isFalse();
      assertThat(ready.json().get("dependencies").toString())
          .isEqualTo(
              "[{\"name\":\"database\",\"ready\":false},{\"name\":\"storage\",\"ready\":true},"
                  + "{\"name\":\"spool\",\"ready\":true}]");
      assertThat(ready.text()).doesNotContain("is down");
      assertThat(studio.get("/health/live").status()).isEqualTo(200);
    }
  }

  @Test
  void withoutStorageTheServiceIsReadyAsLongAsTheSpoolIs() {
    try (var studio = TestServer.start()) {
      studio.blobs.breakDown(true);

      Response ready = studio.get("/health/ready");

      assertThat(ready.status()).isEqualTo(200);
      assertThat(ready.json().get("ready").booleanValue()).isTrue();
      assertThat(ready.json().get("dependencies").get(1).toString())
          .isEqualTo("{\"name\":\"storage\",\"ready\":false,\"problem\":\"the storage is down\"}");

      studio.spool.breakDown(true);
      studio.clock.advance(CheckReadinessService.RESULT_MAX_AGE);
      studio.get("/health/ready").isProblem(503, "unavailable");

      studio.blobs.breakDown(false);
      studio.clock.advance(CheckReadinessService.RESULT_MAX_AGE);
      assertThat(studio.get("/health/ready").status()).isEqualTo(200);
    }
  }

  @Test
  void withAuthenticationOnlyTheOperatorSeesTheProblem() {
    var accessSettings =
        new AccessSettings(ApiKeyIT.KEYS, Optional.empty(), OptionalInt.empty(), Set.of());
    try (var studio = TestServer.start(accessSettings)) {
      studio.blobs.breakDown(true);

      for (Response response :
          List.of(
              studio.get("/health/ready"),
              studio.get("/health/ready", "Authorization", "Bearer " + TestServer.BEARER),
              studio.get("/health/ready", "Authorization", "invalid"))) {
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.json().get("dependencies").get(1).toString())
            .isEqualTo("{\"name\":\"storage\",\"ready\":false}");
      }
      Response forOperator =
          studio.get("/health/ready", "Authorization", "Bearer " + TestServer.INTERNAL_KEY.value());
      assertThat(forOperator.json().get("dependencies").get(1).get("problem").textValue())
          .isEqualTo("the storage is down");
    }
  }
}
