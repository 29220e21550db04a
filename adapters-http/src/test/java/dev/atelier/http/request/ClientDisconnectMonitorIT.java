package dev.atelier.http.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.subscribe.SubscribeToGeneration;
import dev.atelier.application.subscribe.SubscribeToGeneration.Result.NotFound;
import dev.atelier.application.subscribe.SubscribeToGeneration.Result.Subscribed;
import dev.atelier.application.subscribe.SubscribeToGeneration.Subscription;
import dev.atelier.application.subscribe.SubscribeToGeneration.Update;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Prediction;
import dev.atelier.http.TestServer;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The subscription of a client that disconnects is closed at once. */
class ClientDisconnectMonitorIT {
  private final CountDownLatch waiting = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);

  @AutoClose
  private final TestServer studio = TestServer.start(SubscribeToGeneration.class, this::observed);

  @ParameterizedTest
  @ValueSource(strings = {"?wait=60", "/events"})
  void aClosedConnectionEndsTheWait(String path) throws Exception {
    Socket client = request("GET /api/predictions/" + studio.queued() + path + " HTTP/1.1\r\n");
    assertThat(waiting.await(20, TimeUnit.SECONDS)).isTrue();

    client.close();

    assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"?wait=60", "/events"})
  void aResetConnectionEndsTheWait(String path) throws Exception {
    Socket client = request("GET /api/predictions/" + studio.queued() + path + " HTTP/1.1\r\n");
    assertThat(waiting.await(20, TimeUnit.SECONDS)).isTrue();

    client.setSoLinger(true, 0);
    client.close();

    assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aClosedConnectionEndsTheWaitOfAGenerateRequest() throws Exception {
    Socket client =
        request(
            "POST /api/generate HTTP/1.1\r\nContent-Type: application/json\r\n"
                + "Prefer: wait=60\r\nContent-Length: "
                + TestServer.BODY.length()
                + "\r\n",
            TestServer.BODY);
    assertThat(waiting.await(20, TimeUnit.SECONDS)).isTrue();

    client.close();

    assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void theConnectionIsReusableAfterAWait() throws Exception {
    GenerationId id = studio.queued();
    try (Socket client = request("GET /api/predictions/" + id + "?wait=60 HTTP/1.1\r\n")) {
      assertThat(waiting.await(20, TimeUnit.SECONDS)).isTrue();
      studio.webhook(id, new Prediction.Canceled(studio.prediction(id)));
      assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();

      send(client, "GET /health/live HTTP/1.1\r\nConnection: close\r\n", "");

      assertThat(readAll(client)).containsSubsequence("200 OK", "canceled", "200 OK");
    }
  }

  @Test
  void aPipelinedRequestIsServedAfterTheWait() throws Exception {
    GenerationId id = studio.queued();
    try (Socket client = request("GET /api/predictions/" + id + "?wait=60 HTTP/1.1\r\n")) {
      assertThat(waiting.await(20, TimeUnit.SECONDS)).isTrue();
      send(client, "GET /health/live HTTP/1.1\r\nConnection: close\r\n", "");
      // On another connection, and later than the pipelined request.
      assertThat(studio.get("/health/live").status()).isEqualTo(200);

      studio.webhook(id, new Prediction.Canceled(studio.prediction(id)));

      assertThat(readAll(client)).containsSubsequence("200 OK", "canceled", "200 OK");
    }
  }

  private Socket request(String head) throws IOException {
    return request(head, "");
  }

  private Socket request(String head, String body) throws IOException {
    Socket client = studio.connect();
    send(client, head, body);
    return client;
  }

  private static void send(Socket client, String head, String body) throws IOException {
    client
        .getOutputStream()
        .write((head + "Host: x\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII));
  }

  private static String readAll(Socket client) throws IOException {
    return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private SubscribeToGeneration observed(SubscribeToGeneration subscribeToGeneration) {
    return query ->
        switch (subscribeToGeneration.subscribe(query)) {
          case NotFound notFound -> notFound;
          case Subscribed(Subscription subscription) -> new Subscribed(observed(subscription));
        };
  }

  private Subscription observed(Subscription subscription) {
    return new Subscription() {
      @Override
      public Generation generation() {
        return subscription.generation();
      }

      @Override
      public Update next(Duration atMost) {
        waiting.countDown();
        return subscription.next(Duration.ofMinutes(1));
      }

      @Override
      public Optional<Generation> awaitEnd(Duration atMost) {
        waiting.countDown();
        return subscription.awaitEnd(atMost);
      }

      @Override
      public void close() {
        subscription.close();
        closed.countDown();
      }
    };
  }
}
