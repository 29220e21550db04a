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
import dev.atelier.http.server.UseCases;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that leaves costs nothing: its watch is closed long before its time is over. */
class ClientDisconnectMonitorIT {
  private final CountDownLatch waits = new CountDownLatch(1);
  private final CountDownLatch waitsNoMore = new CountDownLatch(1);
  private TestServer studio;

  @BeforeEach
  void start() {
    studio =
        TestServer.start(
            useCases ->
                new UseCases(
                    useCases.generateImage(),
                    useCases.handleWebhook(),
                    useCases.getStatus(),
                    observed(useCases.subscribeToGeneration()),
                    useCases.getOutput(),
                    useCases.listGenerations(),
                    useCases.cancelGeneration(),
                    useCases.deleteGeneration(),
                    useCases.listModels(),
                    useCases.checkReadiness(),
                    useCases.sweep()));
  }

  @AfterEach
  void close() {
    studio.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"?wait=60", "/events"})
  void whoHangsUpIsNotWaitedFor(String path) throws Exception {
    Socket client = ask("GET /api/predictions/" + studio.queued() + path + " HTTP/1.1\r\n");
    assertThat(waits.await(20, TimeUnit.SECONDS)).isTrue();

    client.close();

    assertThat(waitsNoMore.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"?wait=60", "/events"})
  void whoseConnectionIsResetIsNotWaitedFor(String path) throws Exception {
    Socket client = ask("GET /api/predictions/" + studio.queued() + path + " HTTP/1.1\r\n");
    assertThat(waits.await(20, TimeUnit.SECONDS)).isTrue();

    client.setSoLinger(true, 0);
    client.close();

    assertThat(waitsNoMore.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whoAskedForAGenerationAndHangsUpIsNotWaitedFor() throws Exception {
    Socket client =
        ask(
            "POST /api/generate HTTP/1.1\r\nContent-Type: application/json\r\n"
                + "Prefer: wait=60\r\nContent-Length: "
                + TestServer.BODY.length()
                + "\r\n",
            TestServer.BODY);
    assertThat(waits.await(20, TimeUnit.SECONDS)).isTrue();

    client.close();

    assertThat(waitsNoMore.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aConnectionIsOfUseAfterAWait() throws Exception {
    GenerationId id = studio.queued();
    try (Socket client = ask("GET /api/predictions/" + id + "?wait=60 HTTP/1.1\r\n")) {
      assertThat(waits.await(20, TimeUnit.SECONDS)).isTrue();
      studio.webhook(id, new Prediction.Canceled(studio.prediction(id)));
      assertThat(waitsNoMore.await(20, TimeUnit.SECONDS)).isTrue();

      send(client, "GET /health/live HTTP/1.1\r\nConnection: close\r\n", "");

      assertThat(all(client)).containsSubsequence("200 OK", "canceled", "200 OK");
    }
  }

  @Test
  void whatAClientSendsAheadIsItsNextRequest() throws Exception {
    GenerationId id = studio.queued();
    try (Socket client = ask("GET /api/predictions/" + id + "?wait=60 HTTP/1.1\r\n")) {
      assertThat(waits.await(20, TimeUnit.SECONDS)).isTrue();
      send(client, "GET /health/live HTTP/1.1\r\nConnection: close\r\n", "");
      // On another connection, and later than what was sent ahead.
      assertThat(studio.get("/health/live").status()).isEqualTo(200);

      studio.webhook(id, new Prediction.Canceled(studio.prediction(id)));

      assertThat(all(client)).containsSubsequence("200 OK", "canceled", "200 OK");
    }
  }

  private Socket ask(String head) throws IOException {
    return ask(head, "");
  }

  private Socket ask(String head, String body) throws IOException {
    Socket client = studio.connect();
    send(client, head, body);
    return client;
  }

  private static void send(Socket client, String head, String body) throws IOException {
    client
        .getOutputStream()
        .write((head + "Host: x\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII));
  }

  private static String all(Socket client) throws IOException {
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
        waits.countDown();
        return subscription.next(Duration.ofMinutes(1));
      }

      @Override
      public Optional<Generation> awaitEnd(Duration atMost) {
        waits.countDown();
        return subscription.awaitEnd(atMost);
      }

      @Override
      public void close() {
        subscription.close();
        waitsNoMore.countDown();
      }
    };
  }
}
