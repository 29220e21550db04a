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
 * Sixteen clients of a few instances, who together ask for a number of generations. They repeat
 * what is safe to repeat, and nothing else: where nobody listened, and where they were told that
 * nothing was written (503).
 */
final class Clients {
  private static final int CLIENTS = 16;
  private static final Duration PAUSE = Duration.ofMillis(250);

  /** Longer than an instance or the database is ever away. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final List<Instance> instances;
  private final IntFunction<String> tags;
  private final AtomicInteger answered = new AtomicInteger();
  private final Queue<String> accepted = new ConcurrentLinkedQueue<>();

  /**
   * Wires the clients.
   *
   * @param tags the faults in the prompt of the n-th generation
   */
  Clients(List<Instance> instances, IntFunction<String> tags) {
    this.instances = instances;
    this.tags = tags;
  }

  /** The owner of the n-th generation, who has no other: no quota stands in the way. */
  static String owner(int n) {
    return "client-" + n;
  }

  /** Asks for so many generations, and returns when each request was answered or cut off. */
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
                    answered.incrementAndGet();
                  }
                  return null;
                }));
      }
      for (Future<?> client : running) {
        client.get();
      }
    }
  }

  /** How many generations are no longer asked for. */
  int answered() {
    return answered.get();
  }

  /** The ids of all generations of which a client was told that they are durable. */
  List<String> accepted() {
    return List.copyOf(accepted);
  }

  private void generate(int n) throws Exception {
    String body =
        """
        {"prompt": "a lighthouse, number %d %s", "userId": "%s", "width": 256, "height": 256}
        """
            .formatted(n, tags.apply(n), owner(n));
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (int attempt = n; System.nanoTime() < deadline; attempt++) {
      AtelierProcess instance = instances.get(attempt % instances.size()).process();
      try {
        HttpResponse<String> answer = instance.post("/api/generate", body, "Prefer", "wait=2");
        if (answer.statusCode() != 503) {
          note(answer);
          return;
        }
      } catch (ConnectException e) {
        // Nobody was there, so nothing was sent.
      } catch (IOException e) {
        return; // It may have been accepted; only the audit can tell.
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    throw new AssertionError("nobody answers");
  }

  private void note(HttpResponse<String> answer) throws IOException {
    JsonNode json = new ObjectMapper().readTree(answer.body());
    switch (answer.statusCode()) {
      case 200, 202 -> accepted.add(json.required("id").asText());
      case 422, 429, 502 -> accepted.add(json.required("generationId").asText());
      default -> throw new AssertionError(answer.statusCode() + " " + answer.body());
    }
  }

  /** One of several that do the same work; it may be killed, and is started again where it was. */
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

    void startAgain() throws Exception {
      process = starter.start();
    }

    @Override
    public void close() {
      process.close();
    }

    /** Starts it. */
    interface Starter {
      AtelierProcess start() throws Exception;
    }
  }
}
