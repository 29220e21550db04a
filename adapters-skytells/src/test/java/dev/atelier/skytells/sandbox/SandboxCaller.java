package dev.atelier.skytells.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.Supplier;

/** HTTP client for tests of the sandbox. */
public final class SandboxCaller implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Supplier<URI> origin;
  private final String apiKey;

  /** A response; its body may not be JSON. */
  public record Reply(int status, HttpHeaders headers, String body) {
    JsonNode json() throws IOException {
      return JSON.readTree(body);
    }

    /** The error id in the documented envelope. */
    String errorId() throws IOException {
      return json().path("error").path("error_id").asText();
    }

    String header(String name) {
      return headers.firstValue(name).orElse("(none)");
    }
  }

  /**
   * @param origin read at each call, since the sandbox may not have started
   */
  public SandboxCaller(Supplier<URI> origin, String apiKey) {
    this.origin = origin;
    this.apiKey = apiKey;
  }

  /** A create body for a small image, which is quick. */
  static ObjectNode createBody(String prompt) {
    ObjectNode body = JSON.createObjectNode().put("model", "truefusion-pro");
    body.putObject("input").put("prompt", prompt).put("width", 256).put("height", 256);
    return body;
  }

  Reply create(JsonNode body) throws IOException, InterruptedException {
    return call("POST", "/predictions", body.toString());
  }

  /** Creates a prediction, asserts 202 and returns its id. */
  String createAccepted(JsonNode body) throws IOException, InterruptedException {
    Reply reply = create(body);
    if (reply.status() != 202) {
      throw new AssertionError(reply.status() + " " + reply.body());
    }
    return reply.json().path("id").asText();
  }

  Reply get(String path) throws IOException, InterruptedException {
    return call("GET", path, "");
  }

  JsonNode prediction(String id) throws IOException, InterruptedException {
    return get("/predictions/" + id).json();
  }

  /** Polls until the prediction has this status, for at most 30 seconds. */
  JsonNode awaitStatus(String status, String id) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (System.nanoTime() < deadline) {
      JsonNode prediction = prediction(id);
      if (prediction.path("status").asText().equals(status)) {
        return prediction;
      }
    }
    throw new AssertionError("the status was never " + status);
  }

  Reply call(String method, String path, String body) throws IOException, InterruptedException {
    return send(method, origin.get() + "/v1" + path, body);
  }

  /** Calls a route under {@code /_sandbox}. */
  public Reply admin(String method, String path, String body)
      throws IOException, InterruptedException {
    return send(method, origin.get() + "/_sandbox" + path, body);
  }

  private Reply send(String method, String url, String body)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(URI.create(url))
                .header("x-api-key", apiKey)
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(20))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString(UTF_8));
    return new Reply(response.statusCode(), response.headers(), response.body());
  }

  /** Downloads an output without the API key. */
  HttpResponse<byte[]> download(String url) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(20)).build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  /** Returns the unread body of an output. */
  InputStream open(String url) throws IOException, InterruptedException {
    return http.send(
            HttpRequest.newBuilder(URI.create(url)).build(),
            HttpResponse.BodyHandlers.ofInputStream())
        .body();
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
