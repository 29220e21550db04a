package dev.atelier.skytells.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Writes JSON, and reads strings from parsed JSON. */
public final class SkytellsJson {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:-]{1,128}");

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

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
