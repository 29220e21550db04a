package dev.atelier.skytells.sandbox.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The parameters of a create request; a missing one has the schema's default. */
public record Parameters(ObjectNode input, InputSchema schema) {

  /**
   * A URL among the inputs.
   *
   * @param parameter its name
   */
  public record InputUrl(String parameter, String url) {}

  /** Empty if the parameter is no text. */
  public String text(String name) {
    JsonNode value = value(name);
    return value.isTextual() ? value.asText() : "";
  }

  /** The first of these that is an integer, in the request or else as a default. */
  public OptionalInt integer(String... names) {
    return Stream.concat(
            Stream.of(names).map(input::path), Stream.of(names).map(schema::defaultValue))
        .filter(JsonNode::canConvertToInt)
        .mapToInt(JsonNode::asInt)
        .findFirst();
  }

  /** Empty if the request has no seed. */
  public OptionalLong seed() {
    JsonNode seed = input.path("seed");
    return seed.isIntegralNumber() ? OptionalLong.of(seed.asLong()) : OptionalLong.empty();
  }

  /** In the order of the schema. */
  public List<InputUrl> urls() {
    return schema.uriParameters().stream()
        .flatMap(name -> texts(input.path(name)).map(url -> new InputUrl(name, url)))
        .toList();
  }

  private static Stream<String> texts(JsonNode value) {
    Stream<JsonNode> values = value.isArray() ? value.valueStream() : Stream.of(value);
    return values.filter(JsonNode::isTextual).map(JsonNode::asText);
  }

  private JsonNode value(String name) {
    return input.has(name) ? input.get(name) : schema.defaultValue(name);
  }
}
