package dev.atelier.skytells.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.skytells.sandbox.http.FullResponse;
import dev.atelier.skytells.sandbox.http.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;

/** The sandbox's model catalog, from {@code models.json}. */
public final class Models {
  private static final List<String> SCHEMAS = List.of("input_schema", "output_schema");

  private final List<Model> models;

  private Models(List<Model> models) {
    this.models = models;
  }

  public static Models load() {
    try (InputStream json = Models.class.getResourceAsStream("models.json")) {
      return new Models(
          new ObjectMapper()
              .readTree(json)
              .valueStream()
              .map(ObjectNode.class::cast)
              .map(Model::new)
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Ignores case and vendor.
   *
   * @throws RefusedException with Skytells' 404
   */
  Model bySlug(String name) throws RefusedException {
    String slug = name.substring(name.lastIndexOf('/') + 1);
    return models.stream()
        .filter(model -> model.slug().equalsIgnoreCase(slug))
        .findFirst()
        .orElseThrow(
            () ->
                new RefusedException(
                    FullResponse.flatError(
                        404,
                        "MODEL_NOT_FOUND",
                        "The model with slug '" + slug + "' does not exist")));
  }

  ArrayNode list(Set<String> fields) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    models.forEach(model -> list.add(model.describe(fields)));
    return list;
  }

  record Model(ObjectNode description) {
    String slug() {
      return description.path("namespace").asText();
    }

    String type() {
      return description.path("type").asText();
    }

    boolean isVideo() {
      return type().equals("video");
    }

    boolean isInstant() {
      return description.path("metadata").path("edge_compatible").asBoolean();
    }

    double price() {
      return description.path("pricing").path("amount").asDouble();
    }

    JsonNode describe(Set<String> fields) {
      ObjectNode copy = description.deepCopy();
      SCHEMAS.stream().filter(schema -> !fields.contains(schema)).forEach(copy::remove);
      return copy;
    }
  }
}
