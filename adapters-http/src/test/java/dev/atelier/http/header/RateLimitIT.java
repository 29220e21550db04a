package dev.atelier.http.header;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.MutableClock;
import dev.atelier.domain.GenerationId;
import dev.atelier.http.Response;
import dev.atelier.http.TestServer;
import dev.atelier.http.auth.AccessSettings;
import dev.atelier.http.auth.AuthMode;
import dev.atelier.http.auth.TestIssuer;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rate limit, active limit, and timeouts of slow clients. */
class RateLimitIT {
  private static final String UNKNOWN = "/api/predictions/0198c0de-0000-7000-8000-00000000abcd";
  private static final Duration SHORT = Duration.ofMillis(300);

  @Test
  void requestsOverTheLimitGet429WithRetryAfter() {
    try (var studio = limitedTo(3)) {
      for (int remaining = 2; remaining >= 0; remaining--) {
        Response response = studio.get(UNKNOWN).isProblem(404, "not_found");
        assertThat(response.header("RateLimit-Policy")).contains("\"requests\";q=3;w=60");
        assertThat(response.header("RateLimit"))
            .contains("\"requests\";r=" + remaining + ";t=" + (3 - remaining) * 20);
      }

      Response refused = studio.get(UNKNOWN).isProblem(429, "rate_limited");
      assertThat(refused.header("Retry-After")).contains("20");
      assertThat(refused.header("RateLimit")).contains("\"requests\";r=0;t=60");
      assertThat(refused.json().get("retryable").booleanValue()).isTrue();

      studio.clock.advance(Duration.ofSeconds(20));
      studio.get(UNKNOWN).isProblem(404, "not_found");
      studio.get(UNKNOWN).isProblem(429, "rate_limited");
    }
  }

  @Test
  void aRateLimitedRequestSubmitsNothing() {
    try (var studio = limitedTo(1)) {
      studio.get(UNKNOWN);

      studio.generate(TestServer.BODY).isProblem(429, "rate_limited");

      assertThat(studio.skytells.sold()).isEmpty();
    }
  }

  @Test
  void webhooksOutputsAndHealthProbesDoNotCount() {
    try (var studio = limitedTo(1)) {
      GenerationId id = studio.succeeded(TestServer.png(10));
      for (int i = 0; i < 5; i++) {
        assertThat(studio.get("/api/predictions/" + id + "/output/0").status()).isEqualTo(200);
        assertThat(studio.get("/health/live").status()).isEqualTo(200);
      }
      studio.get(UNKNOWN).isProblem(429, "rate_limited");
    }
  }

  @Test
  void eachCallerHasTheirOwnLimit() {
    var clock = new MutableClock();
    try (var issuer = TestIssuer.start(clock);
        var studio =
            TestServer.start(
                new AccessSettings(issuer.auth(), Optional.empty(), OptionalInt.of(1), Set.of()))) {
      studio.get(UNKNOWN, "Authorization", issuer.bearer("ada")).isProblem(404, "not_found");
      studio.get(UNKNOWN, "Authorization", issuer.bearer("ada")).isProblem(429, "rate_limited");
      studio.get(UNKNOWN, "Authorization", issuer.bearer("bob")).isProblem(404, "not_found");
      studio.get(UNKNOWN).isProblem(401, "unauthenticated");
    }
  }

  @Test
  void theActiveLimitIsReportedBeforeAndWhenItIsReached() {
    try (var studio = limitedTo(100)) {
      assertThat(studio.generate(TestServer.BODY).header("RateLimit-Policy"))
          .contains("\"requests\";q=100;w=60, \"active\";q=10");
      while (studio.skytells.sold().size() < TestServer.ACTIVE_LIMIT) {
        studio.queued();
      }

      Response refused = studio.generate(TestServer.BODY).isProblem(429, "quota_exceeded");

      assertThat(refused.header("RateLimit-Policy"))
          .contains("\"requests\";q=100;w=60, \"active\";q=10");
      assertThat(refused.header("RateLimit").orElseThrow())
          .endsWith(", \"active\";r=0;t=10")
          .startsWith("\"requests\";r=89;t=");
    }
  }

  @Test
  void withoutARateLimitNoneIsReported() {
    try (var studio = TestServer.start()) {
      assertThat(studio.get(UNKNOWN).header("RateLimit-Policy")).isEmpty();
      assertThat(studio.generate(TestServer.BODY).header("RateLimit-Policy"))
          .contains("\"active\";q=10");
    }
  }

  @Test
  void theNumberOfTrackedCallersIsBounded() {
    var clock = new MutableClock();
    var rate = new RateLimiter(1, clock);
    assertThat(rate.count("first").allowed()).isTrue();
    for (int i = 0; i < RateLimiter.MAX_CALLERS - 1; i++) {
      assertThat(rate.count("other " + i).allowed()).isTrue();
    }
    assertThat(rate.count("first").allowed()).isFalse();

    for (int i = 0; i < RateLimiter.MAX_CALLERS; i++) {
      rate.count("another " + i);
    }
    assertThat(rate.count("first").allowed()).isTrue();
  }

  @Test
  void incompleteHeadersTimeOut() throws IOException {
    try (var studio = TestServer.start(SHORT);
        Socket socket = studio.connect()) {
      send(socket, "GET /health/live HTTP/1.1\r\nHost: x\r\n");

      assertThat(socket.getInputStream().readAllBytes()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"prompt\":"})
  void anIncompleteBodyTimesOut(String partialBody) throws IOException {
    try (var studio = TestServer.start(SHORT);
        Socket socket = studio.connect()) {
      send(socket, head(1000) + partialBody);

      Response response = Response.parse(socket.getInputStream().readAllBytes());
      response.isProblem(408, "request_timeout");
      assertThat(studio.skytells.sold()).isEmpty();
    }
  }

  @Test
  void aSlowBodyTimesOut() throws IOException, InterruptedException {
    try (var studio = TestServer.start(SHORT);
        Socket socket = studio.connect()) {
      send(socket, head(1000));
      var sender =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      while (!Thread.currentThread().isInterrupted()) {
                        send(socket, " ");
                        Thread.sleep(SHORT.dividedBy(6));
                      }
                    } catch (IOException | InterruptedException e) {
                      return; // the connection was closed, as asserted below
                    }
                  });

      String statusLine =
          new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      assertThat(statusLine).isEqualTo("HTTP/1.1 408");
      sender.interrupt();
      sender.join();
      assertThat(studio.skytells.sold()).isEmpty();
    }
  }

  @Test
  void aLongPollDoesNotTimeOut() {
    try (var studio = TestServer.start(SHORT)) {
      GenerationId id = studio.queued();

      assertThat(studio.get("/api/predictions/" + id + "?wait=1").status()).isEqualTo(200);
      assertThat(studio.generate(TestServer.BODY, "Prefer", "wait=1").status()).isEqualTo(202);
    }
  }

  private static TestServer limitedTo(int perMinute) {
    return TestServer.start(
        new AccessSettings(
            new AuthMode.None(), Optional.empty(), OptionalInt.of(perMinute), Set.of()));
  }

  private static String head(int length) {
    return "POST /api/generate HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        + "Content-Type: application/json\r\nContent-Length: "
        + length
        + "\r\n\r\n";
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }
}
