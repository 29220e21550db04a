package dev.atelier.application.port;

import dev.atelier.domain.Model;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** What Skytells offers, and for how much. */
@FunctionalInterface
public interface ModelCatalog {
  /**
   * Every model that makes pictures or videos, in the provider's order. May be some minutes old,
   * older while Skytells is not to be reached, and empty when it never was. Never throws.
   */
  List<Offer> offers();

  /**
   * One model.
   *
   * @param name as people read it
   * @param description a sentence or two; may be empty
   * @param operational whether Skytells says that it works at the moment
   * @param price if Skytells names one
   */
  record Offer(
      Model model, String name, String description, boolean operational, Optional<Price> price) {}

  /**
   * What one unit of a model's work costs.
   *
   * @param currency as Skytells writes it, such as {@code USD}
   * @param unit what is counted, in Skytells' words: {@code image}, {@code second}, {@code 5
   *     seconds}, …
   */
  record Price(BigDecimal amount, String currency, String unit) {}
}
