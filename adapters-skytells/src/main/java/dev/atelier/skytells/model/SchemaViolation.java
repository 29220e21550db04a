package dev.atelier.skytells.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.path.NodePath;
import dev.atelier.application.port.InputBuilder.Violation;
import dev.atelier.domain.ModelInput;
import java.util.stream.Collectors;

/** Turns an error of the validator into a sentence that quotes the rule and never the value. */
final class SchemaViolation {
  private static final int MAX_VALUES = 50;

  private SchemaViolation() {}

  static Violation of(Error error) {
    String path = path(error.getInstanceLocation());
    return switch (error.getKeyword()) {
      case "required" -> new Violation(member(path, error), "is required");
      case "additionalProperties" ->
          new Violation(member(path, error), "is not a parameter of this model");
      default -> new Violation(path, rule(error.getKeyword(), error.getSchemaNode()));
    };
  }

  /** For example {@code input.images[1]}. */
  private static String path(NodePath location) {
    var path = new StringBuilder();
    for (int i = 0; i < location.getNameCount(); i++) {
      if (location.getElement(i) instanceof Integer index) {
        path.append('[').append(index).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(location.getName(i));
      }
    }
    return path.isEmpty() ? "input" : ModelInput.path(path.toString());
  }

  private static String member(String path, Error error) {
    return path + "." + error.getProperty();
  }

  private static String rule(String keyword, JsonNode rule) {
    return switch (keyword) {
      case "type" -> "must be " + type(rule);
      case "enum" -> "must be one of " + values(rule);
      case "const" -> "must be " + text(rule);
      case "minimum" -> "must be at least " + rule.asText();
      case "maximum" -> "must be at most " + rule.asText();
      case "exclusiveMinimum" -> "must be greater than " + rule.asText();
      case "exclusiveMaximum" -> "must be less than " + rule.asText();
      case "multipleOf" -> "must be a multiple of " + rule.asText();
      case "minLength" -> "must have at least " + rule.asText() + " characters";
      case "maxLength" -> "must have at most " + rule.asText() + " characters";
      case "minItems" -> "must have at least " + rule.asText() + " items";
      case "maxItems" -> "must have at most " + rule.asText() + " items";
      case "uniqueItems" -> "must not have equal items";
      case "pattern" -> "must match " + rule.asText();
      default -> "does not match the schema of this model; see GET /api/models/{model}";
    };
  }

  private static String type(JsonNode type) {
    return type.isArray()
        ? type.valueStream().map(SchemaViolation::type).collect(Collectors.joining(" or "))
        : switch (type.asText()) {
          case "integer" -> "a whole number";
          case "number" -> "a number";
          case "boolean" -> "true or false";
          case "array" -> "an array";
          case "object" -> "an object";
          case "null" -> "null";
          default -> "a " + type.asText();
        };
  }

  private static String values(JsonNode list) {
    String first =
        list.valueStream()
            .limit(MAX_VALUES)
            .map(SchemaViolation::text)
            .collect(Collectors.joining(", "));
    return list.size() > MAX_VALUES
        ? first + " and " + (list.size() - MAX_VALUES) + " more"
        : first;
  }

  private static String text(JsonNode value) {
    return value.isValueNode() ? value.asText() : value.toString();
  }
}
