package dev.atelier.skytells.sandbox.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import com.networknt.schema.path.NodePath;
import dev.atelier.skytells.sandbox.http.FullResponse;
import dev.atelier.skytells.sandbox.http.RefusedException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code input_schema} of a model. A schema that cannot be used, such as one with a remote
 * reference, accepts every input. Thread-safe.
 */
public final class InputSchema {
  private static final Logger log = LoggerFactory.getLogger(InputSchema.class);

  private static final SchemaRegistryConfig CONFIG =
      SchemaRegistryConfig.builder()
          .formatAssertionsEnabled(true)
          .regularExpressionFactory(regex -> new BoundedPattern(Pattern.compile(regex)))
          .locale(Locale.ROOT)
          .build();

  /** Ignores keywords such as {@code x-order}. */
  private static final Dialect DIALECT =
      Dialect.builder(Dialects.getDraft202012())
          .unknownKeywordFactory((keyword, _) -> new NonValidationKeyword(keyword))
          .build();

  private final JsonNode document;
  private boolean isCompiled;
  private Optional<Schema> compiled = Optional.empty();

  InputSchema(JsonNode document) {
    this.document = document;
  }

  /** Compiles at the first call, which takes time; empty if the schema cannot be used. */
  private synchronized Optional<Schema> compiled() {
    if (!isCompiled && document instanceof ObjectNode object) {
      compiled = compileIfUsable(object);
    }
    isCompiled = true;
    return compiled;
  }

  private static Optional<Schema> compileIfUsable(ObjectNode document) {
    try {
      return compile(document);
    } catch (RuntimeException | StackOverflowError e) {
      logUnusable(e.toString());
      return Optional.empty();
    }
  }

  /** Empty if the schema is invalid. It may also fail. */
  private static Optional<Schema> compile(ObjectNode document) {
    // A registry for each schema: one may contain the $id of another.
    var registry =
        SchemaRegistry.withDefaultDialect(
            DIALECT, settings -> settings.schemaRegistryConfig(CONFIG));
    String dialect = document.path("$schema").asText(DIALECT.getId());
    List<Error> errors = registry.getSchema(SchemaLocation.of(dialect)).validate(document);
    if (!errors.isEmpty()) {
      logUnusable(errors.getFirst().toString());
      return Optional.empty();
    }
    ObjectNode strict = document.deepCopy();
    if (!strict.has("additionalProperties")) {
      strict.put("additionalProperties", false);
    }
    return Optional.of(registry.getSchema(strict));
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
    if (compiled().isPresent() && blank.isPresent()) {
      throw missing("input." + blank.get());
    }
    Optional<Error> first = errors(input).stream().min(Comparator.comparingInt(InputSchema::rank));
    if (first.isPresent()) {
      throw refusal(first.get());
    }
  }

  private List<Error> errors(ObjectNode input) {
    try {
      return compiled().map(schema -> schema.validate(input)).orElseGet(List::of);
    } catch (RuntimeException | StackOverflowError e) {
      logUnusable(e.toString());
      return List.of();
    }
  }

  private static int rank(Error error) {
    return "required".equals(error.getKeyword()) ? 0 : 1;
  }

  private static RefusedException refusal(Error error) {
    String parameter = parameter(error);
    String property = error.getProperty() == null ? "" : error.getProperty();
    return switch (String.valueOf(error.getKeyword())) {
      case "required" -> missing(parameter + "." + property);
      case "additionalProperties" ->
          refusal("The " + parameter + "." + property + " is not a parameter of this model.");
      default -> refusal("The " + parameter + " is invalid: " + error.getMessage() + ".");
    };
  }

  /** Such as {@code input.prompt}. */
  private static String parameter(Error error) {
    NodePath location = error.getInstanceLocation();
    return IntStream.range(0, location.getNameCount())
        .mapToObj(location::getName)
        .collect(Collectors.joining(".", location.getNameCount() == 0 ? "input" : "input.", ""));
  }

  private static RefusedException missing(String parameter) {
    return RefusedException.invalid("The " + parameter + " field is required.");
  }

  private static RefusedException refusal(String message) {
    return new RefusedException(FullResponse.error(422, "INVALID_INPUT", message));
  }

  private static void logUnusable(String cause) {
    log.warn("an input_schema cannot be used; inputs are not checked: cause={}", cause);
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
