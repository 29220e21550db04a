package dev.atelier.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.application.InMemoryAtelier;
import dev.atelier.application.health.CheckReadiness;
import dev.atelier.http.Answer;
import dev.atelier.http.TestServer;
import dev.atelier.http.route.Poll;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HttpServerIT {
  @Test
  void aPortInUseIsNamed() throws IOException {
    try (var taken = new ServerSocket(0);
        var server = server(taken.getLocalPort(), List::of)) {
      assertThatThrownBy(server::start)
          .isInstanceOf(PortUnavailableException.class)
          .hasMessage("cannot listen on port %d: Address already in use", taken.getLocalPort());
    }
  }

  @Test
  void nothingListensBeforeTheStartAndAfterTheEnd() {
    var server = server(0, List::of);
    assertThatThrownBy(server::port).isInstanceOf(IllegalStateException.class);

    server.start();
    int port = server.port();
    assertThatCode(() -> new Socket("localhost", port).close()).doesNotThrowAnyException();
    assertThatThrownBy(server::start).isInstanceOf(IllegalStateException.class);

    server.close();
    assertThatThrownBy(() -> new Socket("localhost", port)).isInstanceOf(ConnectException.class);
  }

  @Test
  void closingTwiceOrWithoutAStartIsHarmless() {
    var server = server(0, List::of);
    server.close();
    server.start();
    server.close();

    assertThatCode(server::close).doesNotThrowAnyException();
  }

  @Test
  void itListensOnEveryInterface() throws IOException {
    try (var server = server(0, List::of)) {
      server.start();
      for (var network : NetworkInterface.networkInterfaces().toList()) {
        for (InetAddress address : network.inetAddresses().toList()) {
          if (address.getAddress().length == 4) {
            new Socket(address, server.port()).close();
          }
        }
      }
    }
  }

  @Test
  void aRequestInFlightIsFinishedBeforeTheEnd() throws Exception {
    var asked = new CountDownLatch(1);
    var mayAnswer = new CountDownLatch(1);
    CheckReadiness slow =
        () -> {
          asked.countDown();
          await(mayAnswer);
          return List.of();
        };
    try (var server = server(0, slow);
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        var socket = new Socket("localhost", server(server).port())) {
      ask(socket);
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

      var closing = threads.submit(server::close);
      awaitRefusal(server.port());
      mayAnswer.countDown();

      assertThat(Answer.parse(socket.getInputStream().readAllBytes()).status()).isEqualTo(200);
      closing.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void aRequestThatDoesNotFinishIsCutOff() throws Exception {
    var asked = new CountDownLatch(1);
    var never = new CountDownLatch(1);
    CheckReadiness hanging =
        () -> {
          asked.countDown();
          await(never);
          return List.of();
        };
    var settings =
        new HttpSettings(
            0,
            URI.create("http://localhost"),
            Optional.empty(),
            TestServer.OPEN,
            10,
            Duration.ofSeconds(15),
            Duration.ofSeconds(30),
            Duration.ofMillis(200));
    var server =
        new HttpServer(
            settings,
            useCases(hanging),
            InMemoryAtelier.RULES,
            TestServer.metrics(),
            () -> "request",
            () -> 1,
            Clock.systemUTC());
    try (var socket = new Socket("localhost", server(server).port())) {
      ask(socket);
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

      server.close();

      assertThat(socket.getInputStream().readAllBytes()).isEmpty();
    } finally {
      never.countDown();
    }
  }

  private static HttpServer server(HttpServer server) {
    server.start();
    return server;
  }

  private static HttpServer server(int port, CheckReadiness checkReadiness) {
    var settings =
        new HttpSettings(
            port,
            URI.create("http://localhost"),
            Optional.empty(),
            TestServer.OPEN,
            10,
            Duration.ofSeconds(15),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10));
    return new HttpServer(
        settings,
        useCases(checkReadiness),
        InMemoryAtelier.RULES,
        TestServer.metrics(),
        () -> "request",
        () -> 1,
        Clock.systemUTC());
  }

  private static UseCases useCases(CheckReadiness checkReadiness) {
    return new UseCases(
        _ -> {
          throw new AssertionError();
        },
        _ -> {
          throw new AssertionError();
        },
        _ -> {
          throw new AssertionError();
        },
        _ -> {
          throw new AssertionError();
        },
        _ -> {
          throw new AssertionError();
        },
        _ -> {
          throw new AssertionError();
        },
        _ -> {
          throw new AssertionError();
        },
        _ -> {
          throw new AssertionError();
        },
        () -> {
          throw new AssertionError();
        },
        checkReadiness,
        _ -> {
          throw new AssertionError();
        });
  }

  private static void ask(Socket socket) throws IOException {
    socket.setSoTimeout(20_000);
    socket
        .getOutputStream()
        .write("GET /health/ready HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void awaitRefusal(int port) {
    Poll.until(
        () -> {
          try {
            new Socket("localhost", port).close();
            return java.util.Optional.empty();
          } catch (IOException e) {
            return java.util.Optional.of(e);
          }
        });
  }
}
