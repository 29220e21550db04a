package dev.atelier.skytells.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads, writes and converts JSON. */
public final class SkytellsJson {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:-]{1,128}");

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private SkytellsJson() {}

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  public static byte[] write(JsonNode json) {
    try {
      return MAPPER.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("cannot serialize JSON", e);
    }
  }

  /**
   * Parses a document.
   *
   * @throws IllegalArgumentException without quoting it
   */
  public static JsonNode parse(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON");
    }
  }

  /** Converts strings, numbers, booleans, lists and maps. */
  public static JsonNode toTree(Object value) {
    return MAPPER.valueToTree(value);
  }

  /** Converts an object to strings, numbers, booleans, lists and maps. */
  public static Map<String, Object> toMap(ObjectNode object) {
    return MAPPER.convertValue(object, new TypeReference<Map<String, Object>>() {});
  }

  /** Empty if blank; without characters that PostgreSQL cannot store. */
  public static Optional<String> text(JsonNode json, String... path) {
    JsonNode node = json;
    for (String name : path) {
      node = node.path(name);
    }
    return text(node);
  }

  public static Optional<String> text(JsonNode node) {
    return node.isTextual()
        ? Optional.of(storable(node.textValue()).strip()).filter(text -> !text.isEmpty())
        : Optional.empty();
  }

  /** Names may be logged; sentences may not. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** PostgreSQL stores neither NUL nor unpaired surrogates. */
  private static String storable(String text) {
    var storable = new StringBuilder(text.length());
    text.codePoints()
        .filter(c -> c != 0)
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
        .forEach(storable::appendCodePoint);
    return storable.toString();
  }
}
