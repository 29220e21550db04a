package dev.atelier.skytells.sandbox.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dev.atelier.skytells.sandbox.http.FullResponse;
import dev.atelier.skytells.sandbox.http.RefusedException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code input_schema} of a model. A schema that cannot be used, such as one with a remote
 * reference, accepts every input.
 *
 * @param compiled empty if the schema cannot be used
 */
public record InputSchema(JsonNode document, Optional<Schema> compiled) {
  private static final Logger log = LoggerFactory.getLogger(InputSchema.class);

  private static final SchemaRegistryConfig CONFIG =
      SchemaRegistryConfig.builder()
          .formatAssertionsEnabled(true)
          .regularExpressionFactory(regex -> new BoundedPattern(Pattern.compile(regex)))
          .locale(Locale.ROOT)
          .build();

  static InputSchema of(JsonNode document) {
    if (!(document instanceof ObjectNode object)) {
      return new InputSchema(document, Optional.empty());
    }
    ObjectNode strict = object.deepCopy();
    if (!strict.has("additionalProperties")) {
      strict.put("additionalProperties", false);
    }
    try {
      // A registry for each schema: one may contain the $id of another.
      return new InputSchema(
          document,
          Optional.of(
              SchemaRegistry.withDefaultDialect(
                      SpecificationVersion.DRAFT_2020_12,
                      registry -> registry.schemaRegistryConfig(CONFIG))
                  .getSchema(strict)));
    } catch (RuntimeException | StackOverflowError e) {
      logUnusable(e);
      return new InputSchema(document, Optional.empty());
    }
  }

  /**
   * Accepts an input that conforms to the schema.
   *
   * @throws RefusedException with 422, naming the first parameter that does not
   */
  public void check(ObjectNode input) throws RefusedException {
    Optional<String> blank =
        document
            .path("required")
            .valueStream()
            .map(JsonNode::asText)
            .filter(name -> input.path(name).isTextual() && input.path(name).asText().isBlank())
            .findFirst();
    if (compiled.isPresent() && blank.isPresent()) {
      throw missing(blank.get());
    }
    Optional<Error> first = errors(input).stream().min(Comparator.comparingInt(InputSchema::rank));
    if (first.isPresent()) {
      throw refusal(first.get());
    }
  }

  private List<Error> errors(ObjectNode input) {
    try {
      return compiled.map(schema -> schema.validate(input)).orElseGet(List::of);
    } catch (RuntimeException | StackOverflowError e) {
      logUnusable(e);
      return List.of();
    }
  }

  private static int rank(Error error) {
    return error.getKeyword().equals("required") ? 0 : 1;
  }

  private static RefusedException refusal(Error error) {
    String parameter = String.join(".", path(error));
    String property = error.getProperty() == null ? "" : error.getProperty();
    String name = parameter.isEmpty() ? property : parameter;
    return switch (error.getKeyword()) {
      case "required" -> missing(parameter.isEmpty() ? property : parameter + "." + property);
      case "additionalProperties" ->
          refusal("The input." + name + " is not a parameter of this model.");
      default -> refusal("The input." + name + " is invalid: " + error.getMessage() + ".");
    };
  }

  private static List<String> path(Error error) {
    var location = error.getInstanceLocation();
    return IntStream.range(0, location.getNameCount()).mapToObj(location::getName).toList();
  }

  private static RefusedException missing(String parameter) {
    return RefusedException.invalid("The input." + parameter + " field is required.");
  }

  private static RefusedException refusal(String message) {
    return new RefusedException(FullResponse.error(422, "INVALID_INPUT", message));
  }

  private static void logUnusable(Throwable cause) {
    log.warn("an input_schema cannot be used; inputs are not checked: cause={}", cause.toString());
  }

  /** The names of the parameters that are URLs or arrays of URLs, in the schema's order. */
  public List<String> uriParameters() {
    return document
        .path("properties")
        .propertyStream()
        .filter(property -> isUri(property.getValue()) || isUri(property.getValue().path("items")))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static boolean isUri(JsonNode parameter) {
    return parameter.path("format").asText().equals("uri");
  }

  /** Missing if the parameter has no default. */
  JsonNode defaultValue(String parameter) {
    return document.path("properties").path(parameter).path("default");
  }
}
