package dev.atelier.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.persistence.postgres.PostgresServer;
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

/** Two processes of the built service on one database: what one of them knows, both know. */
class TwoInstancesIT {
  @TempDir private static Path folder;
  private static Studio studio;
  private static AtelierProcess left;
  private static AtelierProcess right;

  @BeforeAll
  static void start() throws Exception {
    studio = new Studio(Duration.ofSeconds(1), SandboxFaults.NONE);
    String database =
        "postgresql://postgres:postgres@" + PostgresServer.shared().newDatabase().address();
    left = AtelierProcess.start(folder, studio.variables(database, folder.resolve("blobs")));
    right = AtelierProcess.start(folder, studio.variables(database, folder.resolve("blobs")));
  }

  @AfterAll
  static void stop() {
    left.close();
    right.close();
    studio.close();
  }

  @Test
  void ofFortyParallelRequestsWithOneKeyOneIsSold() throws Exception {
    int sold = studio.sandbox().predictions().size();
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

    var answers = new ArrayList<HttpResponse<String>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<HttpResponse<String>> call : threads.invokeAll(calls)) {
        answers.add(call.get());
      }
    }

    assertThat(answers).hasSize(40).allMatch(answer -> answer.statusCode() / 100 == 2);
    var ids = new ArrayList<String>();
    for (HttpResponse<String> answer : answers) {
      ids.add(json(answer).required("id").asText());
    }
    assertThat(ids).containsOnly(ids.getFirst());
    assertThat(answers)
        .filteredOn(answer -> answer.headers().firstValue("Idempotent-Replayed").isEmpty())
        .hasSize(1);
    assertThat(studio.sandbox().predictions()).hasSize(sold + 1);
  }

  @Test
  void whatIsCalledOffOnOneHasEndedOnTheOther() throws Exception {
    String path = path(left.post("/api/generate", "{\"prompt\": \"a lighthouse [work:stuck]\"}"));

    HttpResponse<String> canceled = right.post(path + "/cancel", "");

    assertThat(canceled.statusCode()).isEqualTo(200);
    assertThat(json(canceled).required("status").asText()).isEqualTo("canceled");
    assertThat(json(left.get(path))).isEqualTo(json(canceled));
  }

  @Test
  void whatIsDeletedOnOneIsGoneFromBothAndFromTheStorage() throws Exception {
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
  void theModelsHaveThePricesOfTheCatalogue() throws Exception {
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

  private static JsonNode json(HttpResponse<String> answer) throws IOException {
    return new ObjectMapper().readTree(answer.body());
  }
}
