package dev.atelier.domain;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * How much a generation produces. A value is empty if it is unknown.
 *
 * @param outputs the number of outputs
 * @param seconds the length of all outputs together
 * @param megapixels the size of all outputs together, in millions of pixels
 */
public record Quantity(
    Optional<BigDecimal> outputs, Optional<BigDecimal> seconds, Optional<BigDecimal> megapixels) {
  /** Nothing is known. */
  public static final Quantity UNKNOWN =
      new Quantity(Optional.empty(), Optional.empty(), Optional.empty());
}
