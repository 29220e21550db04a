package dev.atelier.http.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks that responses conform to openapi.json: status, type, every header and every member of the
 * body must be described. Clients should ignore unknown members; here they are errors.
 */
public final class OpenApiContract {
  /** HTML pages and their files, which are not described. */
  static final Set<String> PAGES =
      Set.of(
          "/", "/docs", "/docs/{version}/swagger-ui-bundle.js", "/docs/{version}/swagger-ui.css");

  private static final Set<String> HEADERS_OF_HTTP =
      Set.of(
          "connection",
          "content-length",
          "content-type",
          "date",
          "keep-alive",
          "server",
          "transfer-encoding",
          "vary");

  /** Described once, in the introduction of openapi.json. */
  private static final Set<String> HEADERS_OF_ALL =
      Set.of(
          "cache-control",
          "content-security-policy",
          "ratelimit",
          "ratelimit-policy",
          "x-content-type-options",
          "x-request-id");

  private static final JsonMapper JSON = new JsonMapper();

  private final SchemaRegistry schemas =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          registry ->
              registry.schemaRegistryConfig(
                  SchemaRegistryConfig.builder()
                      .formatAssertionsEnabled(true)
                      .locale(Locale.ROOT)
                      .build()));
  private final Map<JsonNode, Schema> compiled = new ConcurrentHashMap<>();
  private final JsonNode document;
  private final Map<String, Pattern> templates;

  public OpenApiContract() {
    this(builtIn());
  }

  /** The description without the settings of an instance. */
  static JsonNode builtIn() {
    return read(ClasspathResource.bytes("openapi.json"));
  }

  OpenApiContract(JsonNode document) {
    this.document = document.deepCopy();
    forbidAdditionalMembers(this.document);
    templates =
        Stream.concat(
                PAGES.stream(), document.path("paths").propertyStream().map(Map.Entry::getKey))
            .collect(Collectors.toMap(path -> path, OpenApiContract::pattern));
  }

  /**
   * Asserts that a response is described.
   *
   * @param target path and query, as in the request line
   * @throws AssertionError listing everything that is not described
   */
  public void check(
      String method, String target, int status, Map<String, List<String>> headers, byte[] body) {
    Optional<String> template = template(target);
    if (method.equals("OPTIONS") && status == 204) {
      return; // a preflight, which the Fetch standard describes
    }
    if (template.filter(PAGES::contains).isPresent() && status < 400) {
      return;
    }
    var findings = new ArrayList<String>();
    boolean bodiless = method.equals("HEAD") || status == 204 || status == 304;
    JsonNode operation =
        template
            .map(path -> document.path("paths").path(path))
            .map(path -> path.path(method.equals("HEAD") ? "get" : method.toLowerCase(Locale.ROOT)))
            .orElseGet(MissingNode::getInstance);
    JsonNode response = response(operation, status);
    Map<String, String> given = new ConcurrentHashMap<>();
    headers.forEach(
        (name, values) -> given.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
    if (status < 400) {
      checkParameters(operation, target, findings);
    }
    checkHeaders(response.path("headers"), given, findings);
    checkBody(
        response.path("content"), given.getOrDefault("content-type", ""), bodiless, body, findings);
    if (!findings.isEmpty()) {
      throw new AssertionError(
          "openapi.json does not describe %s %s -> %d:%n%s%n%s"
              .formatted(
                  method,
                  target,
                  status,
                  String.join("\n", findings),
                  new String(body, StandardCharsets.UTF_8)));
    }
  }

  /** Asserts that the JSON matches the schema of a generation. */
  public void checkGeneration(JsonNode generation) {
    var findings = new ArrayList<String>();
    check(document.at("/components/schemas/Generation"), generation, "generation", findings);
    if (!findings.isEmpty()) {
      throw new AssertionError(String.join("\n", findings));
    }
  }

  /** Returns the response of the operation with that status, or the default problem. */
  private JsonNode response(JsonNode operation, int status) {
    JsonNode responses = operation.path("responses");
    String code = Integer.toString(status);
    if (responses.isMissingNode()) {
      return document.at("/components/responses/Problem");
    }
    return resolve(responses.has(code) ? responses.get(code) : responses.path("default"));
  }

  private void checkParameters(JsonNode operation, String target, List<String> findings) {
    var known = new HashSet<String>();
    for (JsonNode parameter : operation.path("parameters")) {
      known.add(resolve(parameter).path("name").textValue());
    }
    document
        .at("/components/securitySchemes")
        .forEach(scheme -> known.add(scheme.path("name").asText()));
    Stream.of(target.replaceFirst("(?s)^[^?]*\\??", "").split("&"))
        .map(parameter -> decode(parameter.replaceFirst("(?s)=.*", "")))
        .filter(name -> !name.isEmpty() && !known.contains(name))
        .forEach(name -> findings.add("parameter " + name));
  }

  private void checkHeaders(JsonNode described, Map<String, String> given, List<String> findings) {
    var known = new HashSet<String>(HEADERS_OF_HTTP);
    known.addAll(HEADERS_OF_ALL);
    for (var entry : described.properties()) {
      String name = entry.getKey().toLowerCase(Locale.ROOT);
      JsonNode header = resolve(entry.getValue());
      known.add(name);
      if (given.containsKey(name)) {
        boolean number = header.at("/schema/type").asText().equals("integer");
        JsonNode value = number ? read(given.get(name)) : TextNode.valueOf(given.get(name));
        check(header.get("schema"), value, "header " + name, findings);
      } else if (header.path("required").asBoolean()) {
        findings.add("header " + name + " is missing");
      }
    }
    given.keySet().stream()
        .filter(name -> !known.contains(name) && !name.startsWith("access-control-"))
        .forEach(name -> findings.add("header " + name));
  }

  private void checkBody(
      JsonNode content, String contentType, boolean bodiless, byte[] body, List<String> findings) {
    if (content.isMissingNode() || contentType.isEmpty()) {
      if (body.length > 0 || !(bodiless || content.isMissingNode())) {
        findings.add("unexpected or missing body");
      }
      return;
    }
    String type = contentType.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
    JsonNode media = content.path(type);
    if (media.isMissingNode()) {
      media = content.path(type.replaceFirst("/.*", "/*"));
    }
    if (media.isMissingNode()) {
      findings.add("type " + type);
    } else if (type.endsWith("json") && !bodiless) {
      check(media.get("schema"), read(body), "body", findings);
    }
  }

  /** Validates a value against a schema and adds the errors to the findings. */
  void check(JsonNode schema, JsonNode value, String what, List<String> findings) {
    compiled
        .computeIfAbsent(schema, this::compile)
        .validate(value)
        .forEach(error -> findings.add(what + error));
  }

  /** Adds the components, so that references resolve. */
  private Schema compile(JsonNode schema) {
    ObjectNode root = schema.deepCopy();
    root.set("components", document.get("components"));
    return schemas.getSchema(root);
  }

  JsonNode resolve(JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").textValue().substring(1)) : node;
  }

  /** Returns the path template that matches the target; ignores a trailing slash. */
  private Optional<String> template(String target) {
    String path = decode(target.replaceFirst("(?s)[?#].*", "").replaceFirst("(?<=.)/$", ""));
    return templates.entrySet().stream()
        .filter(template -> template.getValue().matcher(path).matches())
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private static Pattern pattern(String template) {
    return Pattern.compile(
        "\\Q" + template.replaceAll("\\{[^}]*}", "\\\\E[^/]+\\\\Q") + "\\E", Pattern.DOTALL);
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  /** Disallows additional members of objects. */
  private static void forbidAdditionalMembers(JsonNode node) {
    if (node instanceof ObjectNode object
        && object.path("type").asText().equals("object")
        && object.has("properties")) {
      object.put("additionalProperties", false);
    }
    node.forEach(OpenApiContract::forbidAdditionalMembers);
  }

  private static JsonNode read(byte[] json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode read(String json) {
    return read(json.getBytes(StandardCharsets.UTF_8));
  }
}
