package dev.atelier.skytells.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.OutputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dev.atelier.application.port.InputBuilder.Violation;
import dev.atelier.skytells.json.SkytellsJson;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parameters of a model, as its JSON Schema describes them. */
public final class InputSchema {
  private static final Logger log = LoggerFactory.getLogger(InputSchema.class);

  /** Keywords that may describe parameters beside {@code properties}. */
  private static final Set<String> PARAMETERS_ELSEWHERE =
      Set.of("allOf", "anyOf", "oneOf", "patternProperties");

  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_7,
          registry ->
              registry.schemaRegistryConfig(
                  SchemaRegistryConfig.builder()
                      .formatAssertionsEnabled(false)
                      .regularExpressionFactory(LinearPattern::compile)
                      .build()));

  private final String display;
  private final ObjectNode expanded;
  private final Schema schema;

  private InputSchema(String display, ObjectNode expanded, Schema schema) {
    this.display = display;
    this.expanded = expanded;
    this.schema = schema;
  }

  /** Reads a published schema; empty if it is missing or cannot be used. */
  public static Optional<InputSchema> read(JsonNode published) {
    if (!(published instanceof ObjectNode object)) {
      return Optional.empty();
    }
    try {
      ObjectNode expanded = SchemaExpansion.expand(object);
      if (expanded.path("properties").isEmpty()) {
        return Optional.empty();
      }
      if (!expanded.has("additionalProperties")
          && PARAMETERS_ELSEWHERE.stream().noneMatch(object::has)) {
        expanded.put("additionalProperties", false);
      }
      Schema schema = REGISTRY.getSchema(expanded);
      schema.initializeValidators();
      return Optional.of(new InputSchema(ordered(object), expanded, schema));
    } catch (RuntimeException e) {
      log.warn("a published schema cannot be used: {}", e.getClass().getSimpleName());
      return Optional.empty();
    }
  }

  /** Whether the model has this parameter. */
  boolean has(String parameter) {
    return expanded.path("properties").has(parameter);
  }

  /** The schema of a parameter; missing if the model does not have it. */
  JsonNode parameter(String name) {
    return expanded.path("properties").path(name);
  }

  /**
   * Checks parameters; reports one violation per value, and only the first ones of very many. What
   * the validator cannot check is left to Skytells.
   */
  List<Violation> validate(ObjectNode input) {
    Map<String, Violation> violations = new LinkedHashMap<>();
    errors(input).stream()
        .map(SchemaViolation::of)
        .forEach(violation -> violations.putIfAbsent(violation.field(), violation));
    return List.copyOf(violations.values());
  }

  private List<Error> errors(ObjectNode input) {
    var context = new BoundedErrors(schema.createExecutionContext().getExecutionConfig());
    List<Error> errors = context.getErrors();
    try {
      return schema.validate(context, input, OutputFormat.DEFAULT);
    } catch (RuntimeException e) {
      log.warn("parameters are not fully checked: {}", e.getClass().getSimpleName());
      return errors;
    }
  }

  /** The published schema with its properties in display order ({@code x-order}). */
  public String display() {
    return display;
  }

  private static String ordered(ObjectNode published) {
    ObjectNode ordered = SkytellsJson.object();
    published
        .properties()
        .forEach(
            member ->
                ordered.set(
                    member.getKey(),
                    member.getKey().equals("properties")
                        ? orderedProperties(member.getValue())
                        : member.getValue()));
    return ordered.toString();
  }

  private static JsonNode orderedProperties(JsonNode properties) {
    ObjectNode ordered = SkytellsJson.object();
    properties.properties().stream()
        .sorted(
            Comparator.comparingInt(
                property -> property.getValue().path("x-order").asInt(Integer.MAX_VALUE)))
        .forEach(property -> ordered.set(property.getKey(), property.getValue()));
    return ordered;
  }
}
