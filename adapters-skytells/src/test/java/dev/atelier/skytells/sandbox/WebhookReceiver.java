package dev.atelier.skytells.sandbox;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An HTTP server that records webhooks. */
public final class WebhookReceiver implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
  private volatile int answer = 200;
  private volatile CountDownLatch gathering = new CountDownLatch(0);

  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  public record Received(String path, @Nullable String signature, byte[] body) {
    String status() throws IOException {
      return SandboxCaller.JSON.readTree(body).path("status").asText();
    }
  }

  public WebhookReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            received.add(
                new Received(
                    exchange.getRequestURI().getPath(),
                    exchange.getRequestHeaders().getFirst("X-Skytells-Signature"),
                    exchange.getRequestBody().readAllBytes()));
            gathering.countDown();
            gathering.await();
            exchange.sendResponseHeaders(answer, -1);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    server.start();
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook");
  }

  /** Delays responses until this many webhooks are in progress, so that they must be concurrent. */
  public void awaitConcurrent(int webhooks) {
    gathering = new CountDownLatch(webhooks);
  }

  void answerWith(int status) {
    answer = status;
  }

  /** Returns the next webhook; fails after 30 seconds. */
  public Received next() throws InterruptedException {
    return poll(30_000).orElseThrow(() -> new AssertionError("no webhook arrived"));
  }

  /** Returns the next webhook, or empty after this time. */
  public Optional<Received> poll(long milliseconds) throws InterruptedException {
    return Optional.ofNullable(received.poll(milliseconds, TimeUnit.MILLISECONDS));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
