package dev.atelier.skytells.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.atelier.skytells.json.SkytellsJson;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Copies a published schema without references: {@code $ref} within the document is replaced by
 * what it refers to. Keywords that are unknown or malformed are left out, and so are all rules of a
 * parameter that refers to other documents, is recursive or is no schema. So validation fetches
 * nothing and ends soon.
 */
final class SchemaExpansion {
  private static final int MAX_NODES = 5_000;
  private static final int MAX_DEPTH = 32;
  private static final int MAX_SCALE = 300;
  private static final int CHARACTERS_PER_NODE = 64;

  private static final Set<String> TYPES =
      Set.of("string", "integer", "number", "boolean", "array", "object", "null");

  private static final Set<String> NUMBERS =
      Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum");

  private static final Set<String> SIZES =
      Set.of(
          "multipleOf",
          "minLength",
          "maxLength",
          "minItems",
          "maxItems",
          "minProperties",
          "maxProperties");

  private static final Set<String> SCHEMAS = Set.of("items", "not", "if", "then", "else");
  private static final Set<String> LISTS_OF_SCHEMAS = Set.of("allOf", "anyOf", "oneOf");

  private final ObjectNode root;
  private int nodes;

  private SchemaExpansion(ObjectNode root) {
    this.root = root;
  }

  /**
   * @throws IllegalArgumentException if it is too large, or itself refers to other documents or is
   *     recursive
   */
  static ObjectNode expand(ObjectNode schema) {
    return new SchemaExpansion(schema).object(schema, 0);
  }

  private JsonNode parameter(JsonNode schema) {
    int before = nodes;
    try {
      return schema(schema, 1);
    } catch (IllegalArgumentException e) {
      if (nodes > MAX_NODES) {
        throw e;
      }
      nodes = before;
      return SkytellsJson.object();
    }
  }

  private JsonNode schema(JsonNode schema, int depth) {
    if (schema.isBoolean()) {
      return schema;
    }
    if (!schema.isObject()) {
      throw new IllegalArgumentException("neither an object nor true nor false");
    }
    return object(schema, depth);
  }

  private ObjectNode object(JsonNode schema, int depth) {
    if (++nodes > MAX_NODES || depth > MAX_DEPTH) {
      throw tooLarge();
    }
    ObjectNode expanded = SkytellsJson.object();
    if (schema.has("$ref")) {
      expanded.setAll(object(target(schema.path("$ref")), depth + 1));
    }
    schema
        .properties()
        .forEach(member -> copy(member.getKey(), member.getValue(), expanded, depth));
    if (schema.path("nullable").asBoolean()) {
      allowNull(expanded);
    }
    if (schema.has("patternProperties")) {
      // Without its patterns it would refuse what they allow.
      expanded.remove("additionalProperties");
    }
    return expanded;
  }

  /** As {@code nullable} of OpenAPI 3.0 does. */
  private static void allowNull(ObjectNode expanded) {
    if (expanded.has("type")) {
      expanded.set("type", withElement(expanded.get("type"), TextNode.valueOf("null")));
    }
    if (expanded.has("enum")) {
      expanded.set("enum", withElement(expanded.get("enum"), NullNode.getInstance()));
    }
  }

  private static ArrayNode withElement(JsonNode values, JsonNode element) {
    ArrayNode list = SkytellsJson.object().arrayNode();
    if (values.isArray()) {
      list.addAll((ArrayNode) values);
    } else {
      list.add(values);
    }
    return values.valueStream().anyMatch(element::equals) ? list : list.add(element);
  }

  private static IllegalArgumentException tooLarge() {
    return new IllegalArgumentException("the schema is recursive or too large");
  }

  private JsonNode target(JsonNode reference) {
    String pointer = reference.asText();
    if (!pointer.startsWith("#")) {
      throw new IllegalArgumentException("the schema refers to another document");
    }
    JsonNode target = root.at(percentDecoded(pointer.substring(1)));
    if (!target.isObject()) {
      throw new IllegalArgumentException("the schema refers to nothing");
    }
    return target;
  }

  private static String percentDecoded(String fragment) {
    return URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private void copy(String keyword, JsonNode value, ObjectNode expanded, int depth) {
    if (SIZES.contains(keyword)) {
      setIf(
          node -> isPlainNumber(node) && node.decimalValue().signum() >= 0,
          keyword,
          value,
          expanded);
    } else if (NUMBERS.contains(keyword)) {
      setIf(SchemaExpansion::isPlainNumber, keyword, value, expanded);
    } else if (SCHEMAS.contains(keyword)) {
      if (value.isObject()) {
        expanded.set(keyword, object(value, depth + 1));
      }
    } else if (LISTS_OF_SCHEMAS.contains(keyword) && value.isArray() && !value.isEmpty()) {
      ArrayNode list = expanded.putArray(keyword);
      value.forEach(element -> list.add(schema(element, depth + 1)));
    } else {
      switch (keyword) {
        case "properties" -> {
          ObjectNode properties = expanded.putObject(keyword);
          value
              .properties()
              .forEach(
                  entry ->
                      properties.set(
                          entry.getKey(),
                          depth == 0
                              ? parameter(entry.getValue())
                              : schema(entry.getValue(), depth + 1)));
        }
        case "additionalProperties" -> {
          if (value.isBoolean() || value.isObject()) {
            expanded.set(keyword, schema(value, depth + 1));
          }
        }
        case "type" -> setIf(SchemaExpansion::isType, keyword, value, expanded);
        case "enum", "required" ->
            setIf(node -> node.isArray() && !node.isEmpty(), keyword, value, expanded);
        case "pattern", "format" -> setIf(JsonNode::isTextual, keyword, value, expanded);
        case "uniqueItems" -> setIf(JsonNode::isBoolean, keyword, value, expanded);
        case "const", "default" -> setIf(_ -> true, keyword, value, expanded);
        default -> {}
      }
    }
  }

  private static boolean isType(JsonNode node) {
    return node.isArray()
        ? !node.isEmpty() && node.valueStream().allMatch(type -> TYPES.contains(type.asText()))
        : TYPES.contains(node.asText());
  }

  /** Arithmetic with 1e999999999 needs a billion digits. */
  private static boolean isPlainNumber(JsonNode node) {
    return node.isNumber() && Math.abs(node.decimalValue().scale()) <= MAX_SCALE;
  }

  private void setIf(
      Predicate<JsonNode> condition, String keyword, JsonNode value, ObjectNode expanded) {
    if (condition.test(value)) {
      count(value);
      expanded.set(keyword, value);
    }
  }

  /** Every copy of a value counts, and long text counts several times. */
  private void count(JsonNode value) {
    nodes += 1 + value.asText().length() / CHARACTERS_PER_NODE;
    if (nodes > MAX_NODES) {
      throw tooLarge();
    }
    value.forEach(this::count);
  }
}
