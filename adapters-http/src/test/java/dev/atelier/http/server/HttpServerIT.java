package dev.atelier.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.application.InMemoryAtelier;
import dev.atelier.application.cancel.CancelGeneration;
import dev.atelier.application.cancel.DeleteGeneration;
import dev.atelier.application.generate.CreateGeneration;
import dev.atelier.application.health.CheckReadiness;
import dev.atelier.application.query.GetOutput;
import dev.atelier.application.query.GetStatus;
import dev.atelier.application.query.GetUsage;
import dev.atelier.application.query.ListGenerations;
import dev.atelier.application.query.ListModels;
import dev.atelier.application.subscribe.SubscribeToGeneration;
import dev.atelier.application.sweep.Sweep;
import dev.atelier.application.upload.CreateUpload;
import dev.atelier.application.upload.DeleteUpload;
import dev.atelier.application.upload.GetUpload;
import dev.atelier.application.webhook.HandleWebhook;
import dev.atelier.http.Response;
import dev.atelier.http.TestServer;
import dev.atelier.http.route.Poll;
import java.io.IOException;
import java.lang.reflect.Proxy;
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
  void aPortInUseIsReported() throws IOException {
    try (var taken = new ServerSocket(0);
        var server = server(taken.getLocalPort(), List::of)) {
      assertThatThrownBy(server::start)
          .isInstanceOf(PortUnavailableException.class)
          .hasMessage("cannot listen on port %d: Address already in use", taken.getLocalPort());
    }
  }

  @Test
  void theServerListensOnlyBetweenStartAndClose() {
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
  void closeIsIdempotentAndAllowedBeforeStart() {
    var server = server(0, List::of);
    server.close();
    server.start();
    server.close();

    assertThatCode(server::close).doesNotThrowAnyException();
  }

  @Test
  void theServerListensOnEveryInterface() throws IOException {
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
  void closeWaitsForRequestsInFlight() throws Exception {
    var received = new CountDownLatch(1);
    var mayRespond = new CountDownLatch(1);
    CheckReadiness slow =
        () -> {
          received.countDown();
          await(mayRespond);
          return List.of();
        };
    try (var server = server(0, slow);
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        var socket = new Socket("localhost", started(server).port())) {
      sendRequest(socket);
      assertThat(received.await(10, TimeUnit.SECONDS)).isTrue();

      var closing = threads.submit(server::close);
      awaitRefusal(server.port());
      mayRespond.countDown();

      assertThat(Response.parse(socket.getInputStream().readAllBytes()).status()).isEqualTo(200);
      closing.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void closeAbortsRequestsAfterTheTimeout() throws Exception {
    var received = new CountDownLatch(1);
    var released = new CountDownLatch(1);
    CheckReadiness hanging =
        () -> {
          received.countDown();
          await(released);
          return List.of();
        };
    var server = server(0, hanging, Duration.ofMillis(200));
    try (var socket = new Socket("localhost", started(server).port())) {
      sendRequest(socket);
      assertThat(received.await(10, TimeUnit.SECONDS)).isTrue();

      server.close();

      assertThat(socket.getInputStream().readAllBytes()).isEmpty();
    } finally {
      released.countDown();
    }
  }

  private static HttpServer started(HttpServer server) {
    server.start();
    return server;
  }

  private static HttpServer server(int port, CheckReadiness checkReadiness) {
    return server(port, checkReadiness, Duration.ofSeconds(10));
  }

  private static HttpServer server(
      int port, CheckReadiness checkReadiness, Duration shutdownTimeout) {
    var settings =
        new HttpSettings(
            port,
            URI.create("http://localhost"),
            Optional.empty(),
            TestServer.OPEN,
            10,
            1024,
            Duration.ofSeconds(15),
            Duration.ofSeconds(30),
            shutdownTimeout);
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
        unused(CreateGeneration.class),
        unused(HandleWebhook.class),
        unused(GetStatus.class),
        unused(SubscribeToGeneration.class),
        unused(GetOutput.class),
        unused(ListGenerations.class),
        unused(CancelGeneration.class),
        unused(DeleteGeneration.class),
        unused(ListModels.class),
        unused(GetUsage.class),
        unused(CreateUpload.class),
        unused(GetUpload.class),
        unused(DeleteUpload.class),
        checkReadiness,
        unused(Sweep.class));
  }

  private static <T> T unused(Class<T> useCase) {
    return useCase.cast(
        Proxy.newProxyInstance(
            useCase.getClassLoader(),
            new Class<?>[] {useCase},
            (_, _, _) -> {
              throw new AssertionError(useCase);
            }));
  }

  private static void sendRequest(Socket socket) throws IOException {
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
            return Optional.empty();
          } catch (IOException e) {
            return Optional.of(e);
          }
        });
  }
}
