package dev.atelier.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.skytells.sandbox.fault.SandboxFaults;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two instances of the built service on one database see the same state. */
class TwoInstancesIT {
  @TempDir private static Path folder;
  private static TestSandbox sandbox;
  private static AtelierProcess left;
  private static AtelierProcess right;

  @BeforeAll
  static void start() throws Exception {
    sandbox = new TestSandbox(Duration.ofSeconds(1), SandboxFaults.NONE);
    String database = new TestDatabase().url();
    left = AtelierProcess.start(folder, sandbox.variables(database, folder.resolve("blobs")));
    right = AtelierProcess.start(folder, sandbox.variables(database, folder.resolve("blobs")));
  }

  @AfterAll
  static void stop() {
    left.close();
    right.close();
    sandbox.close();
  }

  @Test
  void fortyConcurrentRequestsWithOneKeySubmitOnce() throws Exception {
    int before = sandbox.predictions().size();
    List<Callable<HttpResponse<String>>> calls = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      AtelierProcess instance = i % 2 == 0 ? left : right;
      calls.add(
          () ->
              instance.post(
                  "/api/generate",
                  "{\"prompt\": \"one lighthouse\", \"width\": 256, \"height\": 256}",
                  "Idempotency-Key",
                  "\"one-lighthouse\""));
    }

    var responses = new ArrayList<HttpResponse<String>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<HttpResponse<String>> call : threads.invokeAll(calls)) {
        responses.add(call.get());
      }
    }

    assertThat(responses).hasSize(40).allMatch(response -> response.statusCode() / 100 == 2);
    var ids = new ArrayList<String>();
    for (HttpResponse<String> response : responses) {
      ids.add(json(response).required("id").asText());
    }
    assertThat(ids).containsOnly(ids.getFirst());
    assertThat(responses)
        .filteredOn(response -> response.headers().firstValue("Idempotent-Replayed").isEmpty())
        .hasSize(1);
    assertThat(sandbox.predictions()).hasSize(before + 1);
  }

  @Test
  void aCancelOnOneInstanceIsVisibleOnTheOther() throws Exception {
    String path = path(left.post("/api/generate", "{\"prompt\": \"a lighthouse [work:stuck]\"}"));

    HttpResponse<String> canceled = right.post(path + "/cancel", "");

    assertThat(canceled.statusCode()).isEqualTo(200);
    assertThat(json(canceled).required("status").asText()).isEqualTo("canceled");
    assertThat(json(left.get(path))).isEqualTo(json(canceled));
  }

  @Test
  void aDeleteOnOneInstanceRemovesTheGenerationFromBothAndFromTheStorage() throws Exception {
    HttpResponse<String> stored =
        left.post("/api/generate", "{\"prompt\": \"a lighthouse\"}", "Prefer", "wait=30");
    assertThat(json(stored).required("status").asText()).isEqualTo("succeeded");
    String id = json(stored).required("id").asText();
    Path assets = folder.resolve("blobs").resolve("generations").resolve(id);
    assertThat(assets).isNotEmptyDirectory();

    assertThat(right.delete(path(stored)).statusCode()).isEqualTo(204);

    assertThat(left.get(path(stored)).statusCode()).isEqualTo(404);
    assertThat(left.delete(path(stored)).statusCode()).isEqualTo(404);
    assertThat(left.get("/api/predictions?limit=100").body()).doesNotContain(id);
    assertThat(assets).isEmptyDirectory();
  }

  @Test
  void modelsHaveThePricesOfTheCatalog() throws Exception {
    HttpResponse<String> models = left.get("/api/models");

    assertThat(models.statusCode()).isEqualTo(200);
    assertThat(json(models).required("items"))
        .isNotEmpty()
        .allSatisfy(
            model -> {
              assertThat(model.required("price").required("amount").isNumber()).isTrue();
              assertThat(model.required("type").asText()).isIn("image", "video");
            });
  }

  private static String path(HttpResponse<String> generation) throws IOException {
    return "/api/predictions/" + json(generation).required("id").asText();
  }

  private static JsonNode json(HttpResponse<String> response) throws IOException {
    return new ObjectMapper().readTree(response.body());
  }
}
