package dev.atelier.skytells.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atelier.domain.Billed;
import dev.atelier.domain.Quantity;
import java.math.BigDecimal;
import java.util.Optional;

/** Reads {@code metadata.billing} and {@code metrics} of a prediction. */
final class BillReader {
  private static final BigDecimal HIGHEST = BigDecimal.valueOf(1_000_000);
  private static final int MAX_DECIMALS = 12;

  private BillReader() {}

  static Billed read(JsonNode prediction) {
    JsonNode metrics = prediction.path("metrics");
    Optional<BigDecimal> count =
        number(metrics.path("image_count")).or(() -> number(metrics.path("asset_count")));
    return new Billed(
        number(prediction.path("metadata").path("billing").path("credits_used")),
        new Quantity(count, number(metrics.path("duration")), Optional.empty()));
  }

  /** 1e999999999 has a billion digits when printed. */
  private static Optional<BigDecimal> number(JsonNode node) {
    return node.isNumber()
        ? Optional.of(node.decimalValue())
            .filter(value -> value.signum() >= 0 && value.compareTo(HIGHEST) <= 0)
            .filter(value -> Math.abs(value.scale()) <= MAX_DECIMALS)
        : Optional.empty();
  }
}
