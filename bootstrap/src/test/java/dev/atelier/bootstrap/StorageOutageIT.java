package dev.atelier.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.persistence.postgres.PostgresServer;
import dev.atelier.persistence.postgres.PostgresUrl;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built service, whose storage breaks while generations finish. */
class StorageOutageIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration DEADLINE = Duration.ofMinutes(1);

  private final PostgresUrl database = PostgresServer.shared().newDatabase();

  @TempDir private Path folder;

  @Test
  void whatFinishesWhileTheStorageIsBrokenIsKeptAndServedAndMovedWhenItIsBack() throws Exception {
    Map<String, String> variables =
        Map.of("DATABASE_URL", "postgresql://postgres:postgres@" + database.address());
    try (var atelier = AtelierProcess.start(folder, variables)) {
      Path incoming = folder.resolve(".atelier/blobs/incoming");
      Path elsewhere = folder.resolve("elsewhere");
      Files.move(incoming, elsewhere);
      Files.writeString(incoming, "no folder, whoever asks; permissions would not stop root");

      JsonNode generation = generateAndWait(atelier);

      assertThat(generation.get("status").asText()).isEqualTo("succeeded");
      assertThat(spooled()).isEqualTo(2);
      byte[] whileBroken = served(atelier, generation);

      Files.delete(incoming);
      Files.move(elsewhere, incoming);

      awaitDrained();
      Path stored = folder.resolve(".atelier/blobs/generations");
      assertThat(stored.resolve(generation.get("id").asText() + "/0.png"))
          .hasBinaryContent(whileBroken);
      assertThat(served(atelier, generation)).isEqualTo(whileBroken);
    }
  }

  @Test
  void aBucketThatCannotBeReachedIsNamedAtTheStartAndWhatFinishesIsKept() throws Exception {
    Map<String, String> variables =
        Map.of(
            "DATABASE_URL",
            "postgresql://postgres:postgres@" + database.address(),
            "BLOB_STORE",
            "gs://pictures/v1",
            "STORAGE_EMULATOR_HOST",
            "127.0.0.1:" + AtelierProcess.freePort());
    try (var atelier = AtelierProcess.start(folder, variables)) {
      awaitLog(atelier, "dependency unavailable: storage: the bucket pictures cannot be reached");
      assertThat(atelier.log()).contains("ERROR");
      JsonNode dependencies =
          JSON.readTree(atelier.get("/health/ready").body()).get("dependencies");
      assertThat(dependencies.toString())
          .contains(
              "{\"name\":\"storage\",\"ready\":false,"
                  + "\"problem\":\"the bucket pictures cannot be reached\"}")
          .contains("{\"name\":\"spool\",\"ready\":true}");

      JsonNode generation = generateAndWait(atelier);

      assertThat(generation.get("status").asText()).isEqualTo("succeeded");
      assertThat(spooled()).isEqualTo(2);
      assertThat(served(atelier, generation)).isNotEmpty();
    }
  }

  @Test
  void withLocalFilesNoClassOfGooglesClientIsLoaded() throws Exception {
    Path classes = folder.resolve("classes.log");
    Map<String, String> variables =
        Map.of("DATABASE_URL", "postgresql://postgres:postgres@" + database.address());
    try (var atelier =
        AtelierProcess.startWith(folder, variables, "-Xlog:class+load:file=" + classes)) {
      assertThat(generateAndWait(atelier).get("status").asText()).isEqualTo("succeeded");
    }

    assertThat(Files.readAllLines(classes))
        .anyMatch(line -> line.contains("dev.atelier.persistence.blob.file.FileBlobStore "))
        .noneMatch(line -> line.contains(" com.google.cloud."))
        .noneMatch(line -> line.contains(" com.google.auth."))
        .noneMatch(line -> line.contains(" com.google.api."))
        .noneMatch(line -> line.contains(".blob.GcsBlobStore "));
  }

  private static JsonNode generateAndWait(AtelierProcess atelier) throws Exception {
    HttpResponse<String> answer =
        atelier.post(
            "/api/generate",
            "{\"prompt\": \"a quiet harbour\", \"numOutputs\": 2}",
            "Prefer",
            "wait=30");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private static byte[] served(AtelierProcess atelier, JsonNode generation) throws Exception {
    HttpResponse<byte[]> output = atelier.getBytes(generation.get("outputUrl").asText());
    assertThat(output.statusCode()).isEqualTo(200);
    assertThat(output.body()).hasSize(generation.get("assets").get(0).get("bytes").asInt());
    return output.body();
  }

  private void awaitDrained() throws SQLException {
    Instant deadline = Instant.now().plus(DEADLINE);
    while (spooled() > 0) {
      assertThat(Instant.now()).isBefore(deadline);
    }
  }

  /** It is ready, and may say so, a moment before it tells what is wrong all the same. */
  private static void awaitLog(AtelierProcess atelier, String text) {
    Instant deadline = Instant.now().plus(DEADLINE);
    while (!atelier.log().contains(text)) {
      assertThat(Instant.now()).as(atelier.log()).isBefore(deadline);
    }
  }

  private int spooled() throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://" + database.address(), "postgres", "postgres");
        Statement statement = connection.createStatement();
        ResultSet count = statement.executeQuery("SELECT count(*) FROM spooled_blobs")) {
      count.next();
      return count.getInt(1);
    }
  }
}
