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

/** Listens for webhooks and keeps them. */
public final class WebhookReceiver implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
  private volatile int answer = 200;
  private volatile CountDownLatch gathering = new CountDownLatch(0);

  /** A webhook, to the byte. */
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  public record Received(String path, @Nullable String signature, byte[] body) {
    String status() throws IOException {
      return SandboxCaller.JSON.readTree(body).path("status").asText();
    }
  }

  /** Listens at once. */
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

  /** Answers nobody before so many webhooks are here at once. */
  public void gather(int webhooks) {
    gathering = new CountDownLatch(webhooks);
  }

  /** From now on webhooks get this HTTP status. */
  void answerWith(int status) {
    answer = status;
  }

  /** The next webhook; fails when none comes within thirty seconds. */
  public Received next() throws InterruptedException {
    return within(30_000).orElseThrow(() -> new AssertionError("no webhook came"));
  }

  /** The next webhook, when one comes in time. */
  public Optional<Received> within(long milliseconds) throws InterruptedException {
    return Optional.ofNullable(received.poll(milliseconds, TimeUnit.MILLISECONDS));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
