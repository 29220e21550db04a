package dev.atelier.domain;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * What the provider reports about the bill of an ended prediction.
 *
 * @param amount in the currency of the price
 * @param produced what it delivered
 */
public record Billed(Optional<BigDecimal> amount, Quantity produced) {
  /** The provider reports nothing. */
  public static final Billed UNKNOWN = new Billed(Optional.empty(), Quantity.UNKNOWN);

  /** Counts the delivered outputs if the report does not. */
  Billed orDelivered(int outputs) {
    return produced.outputs().isPresent()
        ? this
        : new Billed(
            amount,
            new Quantity(
                Optional.of(BigDecimal.valueOf(outputs)),
                produced.seconds(),
                produced.megapixels()));
  }

  /** Empty if the report does not say it. */
  Optional<Cost> cost(Price price) {
    return amount
        .or(() -> price.of(produced))
        .map(value -> new Cost(value, price.currency(), false));
  }
}
