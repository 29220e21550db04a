package dev.atelier.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What came back, whichever client asked. */
@SuppressWarnings("ArrayRecordComponent")
public // read once, never compared
record Answer(int status, Map<String, List<String>> headers, byte[] body) {
  private static final JsonMapper JSON = new JsonMapper();

  static Answer of(HttpResponse<byte[]> response) {
    return new Answer(response.statusCode(), caseless(response.headers().map()), response.body());
  }

  /** Reads a response off the wire; its body is what is left, chunks are not joined. */
  public static Answer parse(byte[] wire) {
    String text = new String(wire, StandardCharsets.ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    assertThat(end).as("a complete head in: %s", text).isPositive();
    List<String> head = text.substring(0, end).lines().toList();
    var headers = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
    for (String line : head.subList(1, head.size())) {
      int colon = line.indexOf(':');
      headers
          .computeIfAbsent(line.substring(0, colon), _ -> new ArrayList<>())
          .add(line.substring(colon + 1).strip());
    }
    return new Answer(
        Integer.parseInt(head.getFirst().split(" ", -1)[1]),
        headers,
        text.substring(end + 4).getBytes(StandardCharsets.ISO_8859_1));
  }

  private static Map<String, List<String>> caseless(Map<String, List<String>> headers) {
    var map = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
    map.putAll(headers);
    return map;
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name)).map(List::getFirst);
  }

  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  public JsonNode json() {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The fields that a problem names. */
  public List<String> fields() {
    return json().get("errors").findValuesAsText("field");
  }

  /** Asserts that it is a problem with every member, and nothing of the inside. */
  public Answer isProblem(int expectedStatus, String code) {
    assertThat(status).as(text()).isEqualTo(expectedStatus);
    assertThat(header("Content-Type")).contains("application/problem+json");
    assertThat(header("Cache-Control")).contains("no-store");
    JsonNode problem = json();
    assertThat(problem.propertyStream().map(Map.Entry::getKey))
        .contains(
            "type",
            "title",
            "status",
            "detail",
            "code",
            "error",
            "retryable",
            "requestId",
            "errors");
    assertThat(problem.get("type").textValue()).isEqualTo("about:blank");
    assertThat(problem.get("title").textValue()).isNotBlank();
    assertThat(problem.get("status").intValue()).isEqualTo(expectedStatus);
    assertThat(problem.get("code").textValue()).isEqualTo(code);
    assertThat(problem.get("detail").textValue()).isNotBlank();
    assertThat(problem.get("error")).isEqualTo(problem.get("detail"));
    assertThat(problem.get("retryable").isBoolean()).isTrue();
    assertThat(problem.get("errors").isArray()).isTrue();
    assertThat(header("X-Request-Id")).contains(problem.get("requestId").textValue());
    return showsNothingOfTheInside();
  }

  /** Asserts that no stack trace, class name or page of the server's own is in the body. */
  public Answer showsNothingOfTheInside() {
    assertThat(text())
        .doesNotContain("Exception", "\tat ", "java.", "jetty", "Jetty", "javalin", "Javalin")
        .doesNotContain("HTTP ERROR");
    return this;
  }
}
