package dev.atelier.skytells;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.regex.Pattern;

/** JSON as it goes to and comes from Skytells; what comes is bounded. */
final class SkytellsJson {
  /** Far beyond any reply that was ever seen; a list of fifty full predictions stays below it. */
  static final int MAX_BYTES = 4 * 1024 * 1024;

  private static final int MAX_DEPTH = 64;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:-]{1,128}");

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private SkytellsJson() {}

  /** A new, empty object. */
  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static byte[] write(JsonNode json) {
    try {
      return MAPPER.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a tree of strings and numbers has no JSON", e);
    }
  }

  /** The document, or empty when the bytes are none, or one that is too deep. */
  static Optional<JsonNode> parse(byte[] bytes) {
    try {
      return Optional.of(MAPPER.readTree(bytes)).filter(json -> !json.isMissingNode());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The text at a place, if there is one that is not blank; without what no database can hold. */
  static Optional<String> text(JsonNode json, String... path) {
    JsonNode node = json;
    for (String name : path) {
      node = node.path(name);
    }
    return text(node);
  }

  static Optional<String> text(JsonNode node) {
    return node.isTextual()
        ? Optional.of(storable(node.textValue()).strip()).filter(text -> !text.isEmpty())
        : Optional.empty();
  }

  /** Whether it is a name, not a sentence, so that a log may show it. */
  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** NUL and halves of surrogate pairs can be written in JSON, and in no database. */
  private static String storable(String text) {
    var storable = new StringBuilder(text.length());
    text.codePoints()
        .filter(c -> c != 0)
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
        .forEach(storable::appendCodePoint);
    return storable.toString();
  }
}
