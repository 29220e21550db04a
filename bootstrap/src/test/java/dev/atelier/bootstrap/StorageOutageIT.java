package dev.atelier.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built service during an outage of the blob store. */
class StorageOutageIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TWO_IMAGES = "{\"prompt\": \"a quiet harbour\", \"numOutputs\": 2}";
  private static final Duration DEADLINE = Duration.ofMinutes(1);

  private final TestDatabase database = new TestDatabase();

  @TempDir private Path folder;

  @Test
  void outputsAreSpooledAndServedDuringAStorageOutageAndMovedAfterwards() throws Exception {
    Map<String, String> variables = Map.of("DATABASE_URL", database.url());
    try (var atelier = AtelierProcess.start(folder, variables)) {
      Path incoming = folder.resolve(".atelier/blobs/incoming");
      Path moved = folder.resolve("moved");
      Files.move(incoming, moved);
      Files.writeString(
          incoming, "a file instead of the directory, since permissions do not restrict root");

      JsonNode generation = atelier.generateAndWait(TWO_IMAGES);

      assertThat(generation.get("status").asText()).isEqualTo("succeeded");
      assertThat(spooledBlobs()).isEqualTo(2);
      byte[] spooled = download(atelier, generation);

      Files.delete(incoming);
      Files.move(moved, incoming);

      await(this::spooledBlobs, blobs -> blobs == 0);
      Path stored = folder.resolve(".atelier/blobs/generations");
      assertThat(stored.resolve(generation.get("id").asText() + "/0.png"))
          .hasBinaryContent(spooled);
      assertThat(download(atelier, generation)).isEqualTo(spooled);
    }
  }

  @Test
  void anUnreachableBucketIsReportedAtTheStartAndOutputsAreSpooled() throws Exception {
    Map<String, String> variables =
        Map.of(
            "DATABASE_URL",
            database.url(),
            "BLOB_STORE",
            "gs://pictures/v1",
            "STORAGE_EMULATOR_HOST",
            "127.0.0.1:" + AtelierProcess.freePort());
    try (var atelier = AtelierProcess.start(folder, variables)) {
      String problem = "the bucket pictures cannot be reached";
      // The service is ready shortly before it logs. On a slow machine the first check times out.
      String log =
          await(
              atelier::log,
              lines ->
                  Stream.of(problem, "no response")
                      .anyMatch(
                          reason -> lines.contains("dependency unavailable: storage: " + reason)));
      assertThat(log).contains("ERROR");
      String dependencies =
          await(
              () ->
                  JSON.readTree(atelier.get("/health/ready").body()).get("dependencies").toString(),
              body ->
                  body.contains(
                      "{\"name\":\"storage\",\"ready\":false,\"problem\":\"" + problem + "\"}"));
      assertThat(dependencies).contains("{\"name\":\"spool\",\"ready\":true}");

      JsonNode generation = atelier.generateAndWait(TWO_IMAGES);

      assertThat(generation.get("status").asText()).isEqualTo("succeeded");
      assertThat(spooledBlobs()).isEqualTo(2);
      assertThat(download(atelier, generation)).isNotEmpty();
    }
  }

  @Test
  void withLocalFilesNoGoogleClassIsLoaded() throws Exception {
    Path classes = folder.resolve("classes.log");
    Map<String, String> variables = Map.of("DATABASE_URL", database.url());
    try (var atelier =
        AtelierProcess.startWith(folder, variables, "-Xlog:class+load:file=" + classes)) {
      assertThat(atelier.generateAndWait(TWO_IMAGES).get("status").asText()).isEqualTo("succeeded");
    }

    assertThat(Files.readAllLines(classes))
        .anyMatch(line -> line.contains("dev.atelier.persistence.blob.file.FileBlobStore "))
        .noneMatch(line -> line.contains(" com.google.cloud."))
        .noneMatch(line -> line.contains(" com.google.auth."))
        .noneMatch(line -> line.contains(" com.google.api."))
        .noneMatch(line -> line.contains(".blob.GcsBlobStore "));
  }

  private static byte[] download(AtelierProcess atelier, JsonNode generation) throws Exception {
    HttpResponse<byte[]> output = atelier.getBytes(generation.get("outputUrl").asText());
    assertThat(output.statusCode()).isEqualTo(200);
    assertThat(output.body()).hasSize(generation.get("assets").get(0).get("bytes").asInt());
    return output.body();
  }

  private static <T> T await(Callable<T> read, Predicate<T> expected) throws Exception {
    Instant deadline = Instant.now().plus(DEADLINE);
    while (true) {
      T actual = read.call();
      if (expected.test(actual)) {
        return actual;
      }
      assertThat(Instant.now()).as(String.valueOf(actual)).isBefore(deadline);
    }
  }

  private int spooledBlobs() throws SQLException {
    try (Connection connection = DriverManager.getConnection(database.jdbcUrl());
        Statement statement = connection.createStatement();
        ResultSet count = statement.executeQuery("SELECT count(*) FROM spooled_blobs")) {
      count.next();
      return count.getInt(1);
    }
  }
}
