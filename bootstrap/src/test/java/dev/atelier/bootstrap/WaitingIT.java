package dev.atelier.bootstrap;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.skytells.sandbox.fault.SandboxFaults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many clients wait on an instance with little memory for generations that another instance ends:
 * 2,000 with {@code -Pfaults}. Prints one line of figures per run.
 */
@Isolated
class WaitingIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String INTERNAL_KEY = "internal".repeat(4);
  private static final int CLIENTS = Integer.getInteger("atelier.waiting.clients", 2000);
  private static final int GENERATIONS = CLIENTS / 10;
  private static final Duration TIMEOUT = Duration.ofSeconds(50);
  private static final Pattern SUBSCRIPTIONS =
      Pattern.compile("(?m)^atelier_subscriptions ([0-9]+)");

  private static final Pattern COMPLETED_AT = Pattern.compile("\"completedAt\":\"([^\"]+)\"");

  @TempDir private Path folder;
  private TestSandbox sandbox;
  private AtelierProcess small;
  private AtelierProcess other;

  @BeforeEach
  void start() throws Exception {
    sandbox = new TestSandbox(Duration.ofSeconds(1), SandboxFaults.NONE);
    String database = new TestDatabase().url();
    small = AtelierProcess.start(folder, variables(database, "-Xmx256m"));
    other = AtelierProcess.start(folder, variables(database, "-Xmx512m"));
  }

  private Map<String, String> variables(String database, String memory) throws Exception {
    var variables = new HashMap<>(sandbox.variables(database, folder.resolve("blobs")));
    variables.put("INTERNAL_KEY", INTERNAL_KEY);
    variables.put("JAVA_TOOL_OPTIONS", memory);
    return variables;
  }

  @AfterEach
  void stop() {
    small.close();
    other.close();
    sandbox.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"?wait=60", "/events"})
  void allWaitingClientsReceiveTheEnd(String path) throws Exception {
    List<Active> active = startGenerations();
    List<Client> clients = new ArrayList<>();
    // Close the clients first: the executor waits for those that still read.
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        AutoCloseable _ = () -> clients.forEach(Client::close)) {
      for (int n = 0; n < CLIENTS; n++) {
        clients.add(
            new Client(
                small.port(), "/api/predictions/" + active.get(n % GENERATIONS).id() + path));
      }
      awaitSubscriptions(CLIENTS);
      String memory = memory();
      List<Future<Long>> delays =
          clients.stream().map(client -> threads.submit(client::awaitEnd)).toList();

      cancel(active.stream().map(Active::prediction).toList(), threads);

      List<Long> millis = new ArrayList<>();
      for (Future<Long> delay : delays) {
        millis.add(delay.get());
      }
      millis.sort(null);
      System.out.printf(
          "%d clients of %s: %s; from the end to the client %d ms (median), %d ms (last)%n",
          CLIENTS, path, memory, millis.get(CLIENTS / 2), millis.getLast());
      awaitSubscriptions(0);
    }
    assertThat(small.log()).doesNotContain("OutOfMemoryError", "unavailable", "unexpected");
  }

  @Test
  void disconnectsCloseSubscriptionsAndAStopIsFast() throws Exception {
    List<Active> active = startGenerations();
    List<Client> clients = new ArrayList<>();
    for (int n = 0; n < CLIENTS; n++) {
      String path = n % 2 == 0 ? "?wait=60" : "/events";
      clients.add(
          new Client(small.port(), "/api/predictions/" + active.get(n % GENERATIONS).id() + path));
    }
    awaitSubscriptions(CLIENTS);

    for (Client client : clients.subList(0, CLIENTS / 2)) {
      client.close();
    }
    awaitSubscriptions(CLIENTS / 2);

    long start = System.nanoTime();
    assertThat(small.stop()).isEqualTo(143);
    System.out.printf(
        "%d waiting clients: stopped within %d ms%n",
        CLIENTS / 2, Duration.ofNanos(System.nanoTime() - start).toMillis());
    for (Client client : clients.subList(CLIENTS / 2, CLIENTS)) {
      assertThat(client.readAll()).startsWith("HTTP/1.1 200");
      client.close();
    }
  }

  /** A generation whose prediction does not end by itself. */
  private record Active(String id, String prediction) {}

  private List<Active> startGenerations() throws Exception {
    List<Callable<Active>> calls = new ArrayList<>();
    for (int n = 0; n < GENERATIONS; n++) {
      String body =
          "{\"prompt\": \"a harbour [work:stuck]\", \"userId\": \"user-%d\"}".formatted(n);
      calls.add(
          () -> {
            HttpResponse<String> response = other.post("/api/generate", body);
            assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
            JsonNode json = JSON.readTree(response.body());
            assertThat(json.get("predictionId").isTextual()).as(response.body()).isTrue();
            return new Active(json.get("id").asText(), json.get("predictionId").asText());
          });
    }
    List<Active> active = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (Future<Active> call : threads.invokeAll(calls)) {
        active.add(call.get());
      }
    }
    return active;
  }

  /** Cancels all predictions at Skytells, which sends the webhooks to the other instance. */
  private void cancel(List<String> predictions, ExecutorService threads) throws Exception {
    List<Callable<Integer>> calls = new ArrayList<>();
    for (String prediction : predictions) {
      calls.add(() -> sandbox.cancel(prediction));
    }
    for (Future<Integer> call : threads.invokeAll(calls)) {
      assertThat(call.get()).isEqualTo(200);
    }
  }

  private void awaitSubscriptions(int expected) throws Exception {
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (subscriptions() != expected) {
      assertThat(System.nanoTime()).as("%d subscriptions", expected).isLessThan(deadline);
    }
  }

  private int subscriptions() throws Exception {
    String metrics = small.get("/metrics", "Authorization", "Bearer " + INTERNAL_KEY).body();
    Matcher subscriptions = SUBSCRIPTIONS.matcher(metrics);
    assertThat(subscriptions.find()).as(metrics).isTrue();
    return Integer.parseInt(subscriptions.group(1));
  }

  /** Heap and resident memory of the instance after a garbage collection. */
  private String memory() throws Exception {
    String pid = Long.toString(small.pid());
    run("jcmd", pid, "GC.run");
    String heap = run("jcmd", pid, "GC.heap_info").lines().skip(1).findFirst().orElseThrow();
    String resident =
        Files.readAllLines(Path.of("/proc", pid, "status")).stream()
            .filter(line -> line.startsWith("VmRSS"))
            .findFirst()
            .orElse("");
    return heap.strip() + ", " + resident.replaceAll("\\s+", " ");
  }

  private static String run(String program, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", program).toString());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), UTF_8);
  }

  /** A client that sends its request at once and reads later. */
  private static final class Client implements AutoCloseable {
    private final Socket socket;

    Client(int port, String path) throws IOException {
      socket = new Socket("localhost", port);
      socket.setSoTimeout(Math.toIntExact(TIMEOUT.toMillis()));
      socket
          .getOutputStream()
          .write(
              "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                  .formatted(path)
                  .getBytes(US_ASCII));
    }

    /** Reads the response and returns the milliseconds since the end of the generation. */
    long awaitEnd() throws IOException {
      String response = readAll();
      Instant now = Instant.now();
      assertThat(response).startsWith("HTTP/1.1 200 OK").contains("\"status\":\"canceled\"");
      Matcher end = COMPLETED_AT.matcher(response);
      assertThat(end.find()).isTrue();
      return Duration.between(Instant.parse(end.group(1)), now).toMillis();
    }

    String readAll() throws IOException {
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }

    @Override
    public void close() {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
