package dev.atelier.http.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** Parses JSON strictly, and writes it. */
public final class Json {
  public static final String MEDIA_TYPE = "application/json";

  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** Empty unless the bytes are exactly one JSON object in UTF-8, without duplicate keys. */
  public static Optional<ObjectNode> readObject(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return STRICT.readTree(text) instanceof ObjectNode object
          ? Optional.of(object)
          : Optional.empty();
    } catch (CharacterCodingException | JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** Converts an object to strings, numbers, booleans, lists, maps and nulls. */
  public static Map<String, Object> toMap(JsonNode object) {
    return STRICT.convertValue(object, new TypeReference<Map<String, Object>>() {});
  }

  /** Converts strings, numbers, booleans, lists and maps. */
  public static JsonNode toTree(Object value) {
    return STRICT.valueToTree(value);
  }

  /**
   * Reads JSON text that another part of this service has written.
   *
   * @throws IllegalArgumentException for anything else; does not quote it
   */
  public static JsonNode parse(String text) {
    try {
      return STRICT.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON");
    }
  }

  public static byte[] bytes(JsonNode json) {
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  public static void respond(Context ctx, int status, JsonNode json) {
    ctx.status(status).contentType(MEDIA_TYPE).result(bytes(json));
  }
}
