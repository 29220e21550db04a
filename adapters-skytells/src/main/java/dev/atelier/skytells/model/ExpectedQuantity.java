package dev.atelier.skytells.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.domain.Quantity;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a model will produce, from the parameters sent and the defaults in its schema. */
final class ExpectedQuantity {
  private static final BigDecimal MEGA = BigDecimal.valueOf(1_000_000);

  /** No exponent: the plain form of 1e999999999 does not fit into memory. */
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,7}(\\.[0-9]{1,9})?");

  private final InputSchema schema;
  private final ObjectNode input;

  private ExpectedQuantity(InputSchema schema, ObjectNode input) {
    this.schema = schema;
    this.input = input;
  }

  static Quantity of(InputSchema schema, ObjectNode input) {
    return new ExpectedQuantity(schema, input).quantity();
  }

  private Quantity quantity() {
    BigDecimal outputs = first(OptionMapping.COUNT).orElse(BigDecimal.ONE);
    Optional<BigDecimal> pixels =
        value("width").flatMap(width -> value("height").map(width::multiply));
    return new Quantity(
        Optional.of(outputs),
        first(OptionMapping.DURATION).map(outputs::multiply),
        pixels.map(size -> size.divide(MEGA).multiply(outputs)));
  }

  private Optional<BigDecimal> first(List<String> names) {
    return names.stream().flatMap(name -> value(name).stream()).findFirst();
  }

  /** Some models take a number as a string. */
  private Optional<BigDecimal> value(String name) {
    JsonNode value = input.has(name) ? input.get(name) : schema.parameter(name).path("default");
    return Optional.of(value.asText())
        .filter(NUMBER.asMatchPredicate())
        .map(BigDecimal::new)
        .filter(number -> number.signum() > 0);
  }
}
