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

/** An HTTP response, received by a client or parsed from raw bytes. */
@SuppressWarnings("ArrayRecordComponent")
public // read once, never compared
record Response(int status, Map<String, List<String>> headers, byte[] body) {
  private static final JsonMapper JSON = new JsonMapper();

  static Response of(HttpResponse<byte[]> response) {
    return new Response(
        response.statusCode(), caseInsensitive(response.headers().map()), response.body());
  }

  /** Parses a raw response. The body is the rest; chunks are not decoded. */
  public static Response parse(byte[] wire) {
    String text = new String(wire, StandardCharsets.ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    assertThat(end).as("end of the headers in: %s", text).isPositive();
    List<String> head = text.substring(0, end).lines().toList();
    var headers = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
    for (String line : head.subList(1, head.size())) {
      int colon = line.indexOf(':');
      headers
          .computeIfAbsent(line.substring(0, colon), _ -> new ArrayList<>())
          .add(line.substring(colon + 1).strip());
    }
    return new Response(
        Integer.parseInt(head.getFirst().split(" ", -1)[1]),
        headers,
        text.substring(end + 4).getBytes(StandardCharsets.ISO_8859_1));
  }

  private static Map<String, List<String>> caseInsensitive(Map<String, List<String>> headers) {
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

  /** Returns the names in {@code errors} of a problem. */
  public List<String> fields() {
    return json().get("errors").findValuesAsText("field");
  }

  /** Asserts that it is a problem with every member and without internals. */
  public Response isProblem(int expectedStatus, String code) {
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
    return exposesNoInternals();
  }

  /** Asserts that the body has no stack trace, class name or error page of the server. */
  public Response exposesNoInternals() {
    assertThat(text())
        .doesNotContain("Exception", "\tat ", "java.", "jetty", "Jetty", "javalin", "Javalin")
        .doesNotContain("HTTP ERROR");
    return this;
  }
}
