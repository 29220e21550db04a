package dev.atelier.skytells.sandbox.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A model.
 *
 * @param description as in an entry of {@code GET /models}, with schemas
 */
public record Model(ObjectNode description, InputSchema inputSchema) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> SCHEMAS = List.of("input_schema", "output_schema");
  private static final Pattern SLUG = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  /**
   * Parses a description.
   *
   * @throws IllegalArgumentException if it is no JSON or lacks a required member
   */
  public static Model parse(String description) {
    try {
      return of(JSON.readTree(description));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("A model must be a JSON object.", e);
    }
  }

  /**
   * Reads a description. Only {@code namespace}, {@code type} and {@code input_schema} are
   * required.
   *
   * @throws IllegalArgumentException if one of them is missing
   */
  public static Model of(JsonNode json) {
    if (!(json instanceof ObjectNode description)) {
      throw new IllegalArgumentException("A model must be a JSON object.");
    }
    if (!SLUG.matcher(description.path("namespace").asText()).matches()) {
      throw new IllegalArgumentException(
          "A model requires a namespace of letters, digits, dots, dashes and underscores.");
    }
    if (description.path("type").asText().isBlank()) {
      throw new IllegalArgumentException("A model requires a type, such as image.");
    }
    if (!description.has("input_schema")) {
      throw new IllegalArgumentException("A model requires an input_schema.");
    }
    return new Model(description.deepCopy(), new InputSchema(description.get("input_schema")));
  }

  public String slug() {
    return description.path("namespace").asText();
  }

  public String type() {
    return description.path("type").asText();
  }

  /** Empty if the model makes no predictions. */
  public Optional<Medium> medium() {
    return Medium.of(type());
  }

  /** Whether predictions end in the create response. */
  public boolean isInstant() {
    return description.path("metadata").path("edge_compatible").asBoolean();
  }

  public boolean isOffline() {
    return description.path("status").asText().equalsIgnoreCase("offline");
  }

  /** Per {@link #pricingUnit}; 0 if the description has none. */
  public BigDecimal price() {
    return description.path("pricing").path("amount").decimalValue();
  }

  /** Such as {@code image}; empty if the description has none. */
  public String pricingUnit() {
    return description.path("pricing").path("unit").asText();
  }

  /** A copy, with the schemas that are among {@code fields}. */
  public ObjectNode describe(Set<String> fields) {
    ObjectNode copy = description.deepCopy();
    SCHEMAS.stream().filter(schema -> !fields.contains(schema)).forEach(copy::remove);
    return copy;
  }
}
