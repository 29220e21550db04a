package dev.atelier.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InternalIT {
  @Test
  void theSchedulerSweepsWithItsKey() {
    try (var studio = TestServer.start()) {
      assertThat(studio.generate(TestServer.BODY).status()).isEqualTo(202);

      Answer swept = studio.post("/internal/sweep", "", "Authorization", "Bearer internal-key");

      assertThat(swept.status()).isEqualTo(200);
      assertThat(swept.text()).isEqualTo("{\"toStore\":0,\"toObserve\":0,\"moved\":0}");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer internal-kez", "Bearer ", "internal-key", "Basic internal-key"})
  void nobodyElseDoes(String credential) {
    try (var studio = TestServer.start()) {
      Answer answer = studio.post("/internal/sweep", "", "Authorization", credential);

      answer.isProblem(401, "unauthenticated");
      assertThat(answer.header("WWW-Authenticate")).contains("Bearer");
    }
  }

  @Test
  void aMissingCredentialIsRefusedToo() {
    try (var studio = TestServer.start()) {
      studio.post("/internal/sweep", "").isProblem(401, "unauthenticated");
    }
  }
}
