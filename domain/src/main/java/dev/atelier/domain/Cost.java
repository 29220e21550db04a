package dev.atelier.domain;

import java.math.BigDecimal;

/**
 * What a generation costs.
 *
 * @param amount at most six decimals
 * @param currency such as {@code USD}
 * @param estimated whether it is computed from price and request, and not reported by the provider
 */
public record Cost(BigDecimal amount, String currency, boolean estimated) {
  public Cost {
    amount = Price.rounded(amount);
  }
}
