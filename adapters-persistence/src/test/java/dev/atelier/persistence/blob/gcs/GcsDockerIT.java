package dev.atelier.persistence.blob.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.BlobStore;
import dev.atelier.application.port.BlobStoreContract;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.testcontainers.containers.GenericContainer;

/** On an emulator in a container; only {@code -Pdocker} runs it. */
class GcsDockerIT implements BlobStoreContract {
  private static final int PORT = 4443;

  private static final GenericContainer<?> EMULATOR =
      new GenericContainer<>("fsouza/fake-gcs-server:1.52")
          .withExposedPorts(PORT)
          .withCommand("-scheme", "http", "-backend", "memory", "-port", Integer.toString(PORT));

  private static URI endpoint() {
    return URI.create("http://" + EMULATOR.getHost() + ":" + EMULATOR.getMappedPort(PORT));
  }

  @BeforeAll
  static void start() throws Exception {
    EMULATOR.start();
    configureExternalAddress();
    GcsBlobStoreIT.makeBucket(endpoint());
  }

  /** The emulator returns upload URLs, so it must know its address outside the container. */
  private static void configureExternalAddress() throws Exception {
    String config = "{\"externalUrl\": \"" + endpoint() + "\"}";
    try (var http = HttpClient.newHttpClient()) {
      var answer =
          http.send(
              HttpRequest.newBuilder(URI.create(endpoint() + "/_internal/config"))
                  .header("Content-Type", "application/json")
                  .PUT(BodyPublishers.ofString(config))
                  .build(),
              BodyHandlers.discarding());
      assertThat(answer.statusCode()).isEqualTo(200);
    }
  }

  @AfterAll
  static void stop() {
    EMULATOR.stop();
  }

  @Override
  public BlobStore blobs() {
    return GcsBlobStoreIT.on(endpoint());
  }
}
