package dev.atelier.skytells.sandbox.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A complete HTTP response. */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record FullResponse(int status, Map<String, String> headers, byte[] body)
    implements Response {

  public static FullResponse json(int status, JsonNode body) {
    return new FullResponse(
        status, Map.of("Content-Type", "application/json"), body.toString().getBytes(UTF_8));
  }

  public static FullResponse html(int status, String body) {
    return new FullResponse(
        status, Map.of("Content-Type", "text/html; charset=utf-8"), body.getBytes(UTF_8));
  }

  /** The documented envelope. */
  public static FullResponse error(int status, String errorId, String message) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("status", false).put("response", message);
    body.set("error", details(status, errorId, message));
    return json(status, body);
  }

  /** As on the page about authentication. */
  public static FullResponse bareError(int status, String errorId, String message) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.set("error", details(status, errorId, message));
    return json(status, body);
  }

  private static ObjectNode details(int status, String errorId, String message) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("http_status", status)
        .put("message", message)
        .put("details", message)
        .put("error_id", errorId);
  }

  /** The inference API's form, after OpenAI's. */
  public static FullResponse inferenceError(int status, String errorId, String message) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putObject("error")
        .put("message", message)
        .put("type", "invalid_request_error")
        .put("code", errorId.toLowerCase(Locale.ROOT))
        .put("error_id", errorId)
        .put("status", status)
        .putNull("param")
        .put("request_id", "req_sandbox");
    return json(status, body);
  }

  public static FullResponse simpleError(int status, String message) {
    return json(
        status,
        JsonNodeFactory.instance.objectNode().put("status", false).put("response", message));
  }

  /** As in older pages. */
  public static FullResponse flatError(int status, String errorId, String message) {
    return json(
        status,
        JsonNodeFactory.instance.objectNode().put("error_id", errorId).put("message", message));
  }

  public static FullResponse internalError() {
    return error(500, "INTERNAL_ERROR", "Server error");
  }

  public static FullResponse badGateway() {
    return html(502, "<html>Bad Gateway</html>");
  }

  public static FullResponse noSuchRoute() {
    return error(404, "ENDPOINT_NOT_FOUND", "There is no such route.");
  }

  public FullResponse with(String header, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new FullResponse(status, more, body);
  }

  public boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  @Override
  public void send(HttpExchange exchange) throws IOException {
    headers.forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }
}
