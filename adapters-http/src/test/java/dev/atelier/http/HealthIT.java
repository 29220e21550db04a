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
                  + "{\"name\":\"database\",\"ready\":true},{\"name\":\"storage\",\"ready\":true},"
                  + "{\"name\":\"spool\",\"ready\":true}]}");
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
              "[{\"name\":\"database\",\"ready\":false},{\"name\":\"storage\",\"ready\":true},"
                  + "{\"name\":\"spool\",\"ready\":true}]");
      assertThat(ready.text()).doesNotContain("is down");
      assertThat(studio.get("/health/live").status()).isEqualTo(200);
    }
  }

  @Test
  void aBrokenStorageIsNamedAndTheServiceIsReadyAsLongAsTheSpoolTakesOutputs() {
    try (var studio = TestServer.start()) {
      studio.blobs.breakDown(true);

      Answer ready = studio.get("/health/ready");

      assertThat(ready.status()).isEqualTo(200);
      assertThat(ready.json().get("ready").booleanValue()).isTrue();
      assertThat(ready.json().get("dependencies").get(1).toString())
          .isEqualTo("{\"name\":\"storage\",\"ready\":false,\"problem\":\"the storage is down\"}");

      studio.spool.breakDown(true);
      studio.get("/health/ready").isProblem(503, "unavailable");

      studio.blobs.breakDown(false);
      assertThat(studio.get("/health/ready").status()).isEqualTo(200);
    }
  }
}
