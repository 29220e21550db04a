package dev.atelier.domain;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * How much a generation produces; empty where unknown.
 *
 * @param seconds of all outputs together
 * @param megapixels of all outputs together
 */
public record Quantity(
    Optional<BigDecimal> outputs, Optional<BigDecimal> seconds, Optional<BigDecimal> megapixels) {
  public static final Quantity UNKNOWN =
      new Quantity(Optional.empty(), Optional.empty(), Optional.empty());
}
