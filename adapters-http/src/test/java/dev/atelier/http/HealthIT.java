package dev.atelier.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HealthIT {
  @Test
  void aWorkingServiceIsAliveAndReady() {
    try (var studio = TestServer.start()) {
      assertThat(studio.get("/health/live").status()).isEqualTo(200);
      Answer ready = studio.get("/health/ready");
      assertThat(ready.status()).isEqualTo(200);
      assertThat(ready.text())
          .isEqualTo(
              "{\"ready\":true,\"dependencies\":["
                  + "{\"name\":\"database\",\"ready\":true},{\"name\":\"storage\",\"ready\":true}]}");
    }
  }

  @Test
  void aBrokenDependencyIsNamedAndTheServiceIsStillAlive() {
    try (var studio = TestServer.start()) {
      studio.generations.breakDown(true);

      Answer ready = studio.get("/health/ready").isProblem(503, "unavailable");

      assertThat(ready.json().get("ready").booleanValue()).isFalse();
      assertThat(ready.json().get("dependencies").toString())
          .isEqualTo(
              "[{\"name\":\"database\",\"ready\":false},{\"name\":\"storage\",\"ready\":true}]");
      assertThat(ready.text()).doesNotContain("is down");
      assertThat(studio.get("/health/live").status()).isEqualTo(200);
    }
  }
}
