package dev.atelier.bootstrap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/**
 * Sixteen concurrent clients that start generations on several instances. They retry only what is
 * safe: a refused connection, and 503, after which nothing is persisted.
 */
final class Clients {
  private static final int CLIENTS = 16;
  private static final Duration PAUSE = Duration.ofMillis(250);

  /** Longer than any outage of an instance or the database. */
  private static final Duration TIMEOUT = Duration.ofSeconds(90);

  private final List<Instance> instances;
  private final IntFunction<String> tags;
  private final AtomicInteger completed = new AtomicInteger();
  private final Queue<String> accepted = new ConcurrentLinkedQueue<>();

  /**
   * @param tags the faults in the prompt of the n-th generation
   */
  Clients(List<Instance> instances, IntFunction<String> tags) {
    this.instances = instances;
    this.tags = tags;
  }

  /** The owner of the n-th generation; each owner has one, so no quota applies. */
  static String owner(int n) {
    return "client-" + n;
  }

  /** Starts the generations and returns when each request is completed. */
  void run(int generations) throws Exception {
    var next = new AtomicInteger();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int client = 0; client < CLIENTS; client++) {
        running.add(
            threads.submit(
                () -> {
                  for (int n = next.getAndIncrement();
                      n < generations;
                      n = next.getAndIncrement()) {
                    generate(n);
                    completed.incrementAndGet();
                  }
                  return null;
                }));
      }
      for (Future<?> client : running) {
        client.get();
      }
    }
  }

  /** The number of requests that got a response or lost their connection. */
  int completed() {
    return completed.get();
  }

  /** The ids of all generations in responses, which must be durable. */
  List<String> accepted() {
    return List.copyOf(accepted);
  }

  private void generate(int n) throws Exception {
    String body =
        """
        {"prompt": "a lighthouse, number %d %s", "userId": "%s", "width": 256, "height": 256}
        """
            .formatted(n, tags.apply(n), owner(n));
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    for (int attempt = n; System.nanoTime() < deadline; attempt++) {
      AtelierProcess instance = instances.get(attempt % instances.size()).process();
      try {
        HttpResponse<String> response = instance.post("/api/generate", body, "Prefer", "wait=2");
        if (response.statusCode() != 503) {
          recordId(response);
          return;
        }
      } catch (ConnectException e) {
        // Nothing was sent.
      } catch (IOException e) {
        return; // It may have been accepted; the audit checks that.
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    throw new AssertionError("no instance responds");
  }

  private void recordId(HttpResponse<String> response) throws IOException {
    JsonNode json = new ObjectMapper().readTree(response.body());
    switch (response.statusCode()) {
      case 200, 202 -> accepted.add(json.required("id").asText());
      case 422, 429, 502 -> accepted.add(json.required("generationId").asText());
      default -> throw new AssertionError(response.statusCode() + " " + response.body());
    }
  }

  /** An instance of the service that can be killed and restarted. */
  static final class Instance implements AutoCloseable {
    private final Starter starter;
    private volatile AtelierProcess process;

    Instance(Starter starter) throws Exception {
      this.starter = starter;
      this.process = starter.start();
    }

    AtelierProcess process() {
      return process;
    }

    void kill() throws InterruptedException {
      process.kill();
    }

    void restart() throws Exception {
      process = starter.start();
    }

    @Override
    public void close() {
      process.close();
    }

    interface Starter {
      AtelierProcess start() throws Exception;
    }
  }
}
