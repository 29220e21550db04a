package dev.atelier.skytells.client;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** An HTTP server that sends scripted responses and records the requests. */
public final class ScriptedServer implements AutoCloseable {
  /** A recorded request. */
  public record Request(
      String method, String path, String query, Headers headers, String body, long nanoTime) {}

  /** Answers one request. */
  public interface Reply {
    void send(Request request, HttpExchange exchange) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Deque<Reply> script = new ArrayDeque<>();
  private final List<Request> requests = new ArrayList<>();
  private Reply fallback = status(501);

  public ScriptedServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public URI origin() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Scripts the responses to the next requests, one each. */
  public synchronized void next(Reply... replies) {
    script.addAll(List.of(replies));
  }

  /** Sets the response for when the script is empty. */
  public synchronized void always(Reply reply) {
    fallback = reply;
  }

  public synchronized List<Request> requests() {
    return List.copyOf(requests);
  }

  static Reply json(int status, String body) {
    return reply(status, body, "Content-Type", "application/json");
  }

  public static Reply status(int status) {
    return reply(status, "");
  }

  /** A response with headers, given as names and values in turn. */
  public static Reply reply(int status, String body, String... headers) {
    return bytes(status, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  public static Reply bytes(int status, byte[] body, String... headers) {
    return (request, exchange) -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
      }
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    };
  }

  /** Closes the connection without a response. */
  public static Reply cut() {
    return (_, exchange) -> exchange.close();
  }

  /** Announces a body of this length, sends a part of it and closes the connection. */
  public static Reply truncated(int status, int length, byte[] sent, String... headers) {
    return (request, exchange) -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
      }
      exchange.sendResponseHeaders(status, length);
      exchange.getResponseBody().write(sent);
      exchange.getResponseBody().flush();
    };
  }

  /** Never answers. */
  public Reply hang() {
    return (_, _) -> awaitClose();
  }

  /** Announces a body of this length, sends a part of it and stalls. */
  public Reply stall(int length, byte[] sent) {
    return (request, exchange) -> {
      truncated(200, length, sent).send(request, exchange);
      awaitClose();
    };
  }

  /** Sends the first {@code head} bytes, then one byte every 5 ms until the server closes. */
  public Reply drip(byte[] body, int head) {
    return (request, exchange) -> {
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body, 0, head);
      for (int i = head; i < body.length; i++) {
        exchange.getResponseBody().write(body[i]);
        exchange.getResponseBody().flush();
        if (isClosedWithin(Duration.ofMillis(5))) {
          return;
        }
      }
    };
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Request request = read(exchange);
      reply(request).send(request, exchange);
    }
  }

  private static Request read(HttpExchange exchange) throws IOException {
    URI uri = exchange.getRequestURI();
    return new Request(
        exchange.getRequestMethod(),
        uri.getPath(),
        Optional.ofNullable(uri.getQuery()).orElse(""),
        exchange.getRequestHeaders(),
        new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
        System.nanoTime());
  }

  private synchronized Reply reply(Request request) {
    requests.add(request);
    return script.isEmpty() ? fallback : script.remove();
  }

  private void awaitClose() {
    if (!isClosedWithin(Duration.ofMinutes(1))) {
      throw new IllegalStateException("the server was not closed");
    }
  }

  private boolean isClosedWithin(Duration time) {
    try {
      return closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.close();
  }
}
