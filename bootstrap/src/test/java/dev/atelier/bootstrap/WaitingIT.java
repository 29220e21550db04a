package dev.atelier.bootstrap;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.persistence.postgres.PostgresServer;
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
 * Many clients wait on one instance with little memory for generations that another instance ends.
 * With {@code -Pfaults} there are 2,000 of them. Prints a line of figures for each run.
 */
@Isolated
class WaitingIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String INTERNAL_KEY = "internal".repeat(4);
  private static final int CLIENTS = Integer.getInteger("atelier.waiting.clients", 2000);
  private static final int GENERATIONS = CLIENTS / 10;
  private static final Duration PATIENCE = Duration.ofSeconds(50);
  private static final Pattern WATCHES = Pattern.compile("(?m)^atelier_watches ([0-9]+)");

  private static final Pattern END = Pattern.compile("\"completedAt\":\"([^\"]+)\"");

  @TempDir private Path folder;
  private Studio studio;
  private AtelierProcess small;
  private AtelierProcess other;

  /** New instances for each test: their connections to the sandbox are new as well. */
  @BeforeEach
  void start() throws Exception {
    studio = new Studio(Duration.ofSeconds(1), SandboxFaults.NONE);
    String database =
        "postgresql://postgres:postgres@" + PostgresServer.shared().newDatabase().address();
    small = AtelierProcess.start(folder, variables(database, "-Xmx256m"));
    other = AtelierProcess.start(folder, variables(database, "-Xmx512m"));
  }

  private Map<String, String> variables(String database, String memory) throws Exception {
    var variables = new HashMap<>(studio.variables(database, folder.resolve("blobs")));
    variables.put("INTERNAL_KEY", INTERNAL_KEY);
    variables.put("JAVA_TOOL_OPTIONS", memory);
    return variables;
  }

  @AfterEach
  void stop() {
    small.close();
    other.close();
    studio.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"?wait=60", "/events"})
  void allClientsAreNotifiedOfTheEnd(String path) throws Exception {
    List<Stuck> stuck = stuck();
    List<Client> clients = new ArrayList<>();
    // The clients are closed first: the executor waits for those that still read.
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        AutoCloseable _ = () -> clients.forEach(Client::close)) {
      for (int n = 0; n < CLIENTS; n++) {
        clients.add(
            new Client(small.port(), "/api/predictions/" + stuck.get(n % GENERATIONS).id() + path));
      }
      awaitWatches(CLIENTS);
      String memory = memory();
      List<Future<Long>> told =
          clients.stream().map(client -> threads.submit(client::told)).toList();

      end(stuck.stream().map(Stuck::prediction).toList(), threads);

      List<Long> millis = new ArrayList<>();
      for (Future<Long> client : told) {
        millis.add(client.get());
      }
      millis.sort(null);
      System.out.printf(
          "%d clients of %s: %s; from the end to the client %d ms (median), %d ms (last)%n",
          CLIENTS, path, memory, millis.get(CLIENTS / 2), millis.getLast());
      awaitWatches(0);
    }
    assertThat(small.log()).doesNotContain("OutOfMemoryError", "unavailable", "unexpected");
  }

  @Test
  void whoLeavesIsForgottenAtOnceAndAStopTakesLittle() throws Exception {
    List<Stuck> stuck = stuck();
    List<Client> clients = new ArrayList<>();
    for (int n = 0; n < CLIENTS; n++) {
      String path = n % 2 == 0 ? "?wait=60" : "/events";
      clients.add(
          new Client(small.port(), "/api/predictions/" + stuck.get(n % GENERATIONS).id() + path));
    }
    awaitWatches(CLIENTS);

    for (Client client : clients.subList(0, CLIENTS / 2)) {
      client.close();
    }
    awaitWatches(CLIENTS / 2);

    long begin = System.nanoTime();
    assertThat(small.stop()).isEqualTo(143);
    System.out.printf(
        "%d waiting clients: stopped within %d ms%n",
        CLIENTS / 2, Duration.ofNanos(System.nanoTime() - begin).toMillis());
    for (Client client : clients.subList(CLIENTS / 2, CLIENTS)) {
      assertThat(client.all()).startsWith("HTTP/1.1 200");
      client.close();
    }
  }

  /** A generation whose prediction never ends by itself. */
  private record Stuck(String id, String prediction) {}

  private List<Stuck> stuck() throws Exception {
    List<Callable<Stuck>> calls = new ArrayList<>();
    for (int n = 0; n < GENERATIONS; n++) {
      String body =
          "{\"prompt\": \"a harbour [work:stuck]\", \"userId\": \"user-%d\"}".formatted(n);
      calls.add(
          () -> {
            HttpResponse<String> answer = other.post("/api/generate", body);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            JsonNode json = JSON.readTree(answer.body());
            assertThat(json.get("predictionId").isTextual()).as(answer.body()).isTrue();
            return new Stuck(json.get("id").asText(), json.get("predictionId").asText());
          });
    }
    List<Stuck> stuck = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (Future<Stuck> call : threads.invokeAll(calls)) {
        stuck.add(call.get());
      }
    }
    return stuck;
  }

  /** Calls them all off at Skytells, whose webhooks go to the other instance. */
  private void end(List<String> predictions, ExecutorService threads) throws Exception {
    List<Callable<Integer>> calls = new ArrayList<>();
    for (String prediction : predictions) {
      calls.add(() -> studio.cancel(prediction));
    }
    for (Future<Integer> call : threads.invokeAll(calls)) {
      assertThat(call.get()).isEqualTo(200);
    }
  }

  private void awaitWatches(int expected) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (watches() != expected) {
      assertThat(System.nanoTime()).as("there are %d watches", expected).isLessThan(deadline);
    }
  }

  private int watches() throws Exception {
    String metrics = small.get("/metrics", "Authorization", "Bearer " + INTERNAL_KEY).body();
    Matcher watches = WATCHES.matcher(metrics);
    assertThat(watches.find()).as(metrics).isTrue();
    return Integer.parseInt(watches.group(1));
  }

  /** What the instance takes up, after a collection of what nobody needs any more. */
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

  /** One that asks at once and reads when it is told to. */
  private static final class Client implements AutoCloseable {
    private final Socket socket;

    Client(int port, String path) throws IOException {
      socket = new Socket("localhost", port);
      socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
      socket
          .getOutputStream()
          .write(
              "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                  .formatted(path)
                  .getBytes(US_ASCII));
    }

    /** Reads the answer, which tells of the end; returns the milliseconds between the two. */
    long told() throws IOException {
      String answer = all();
      Instant now = Instant.now();
      assertThat(answer).startsWith("HTTP/1.1 200 OK").contains("\"status\":\"canceled\"");
      Matcher end = END.matcher(answer);
      assertThat(end.find()).isTrue();
      return Duration.between(Instant.parse(end.group(1)), now).toMillis();
    }

    String all() throws IOException {
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
