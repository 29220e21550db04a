package dev.atelier.application.port;

import dev.atelier.domain.Model;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** The models that Skytells offers, with their prices. */
@FunctionalInterface
public interface ModelCatalog {
  /**
   * Returns all image and video models, in Skytells' order. The result is cached; it is older while
   * Skytells is unreachable, and empty before the first response. Never throws.
   */
  List<Offer> offers();

  /**
   * A model on offer.
   *
   * @param name the display name
   * @param description a sentence or two; may be empty
   * @param operational whether Skytells reports that the model works
   * @param price if Skytells states one
   */
  record Offer(
      Model model, String name, String description, boolean operational, Optional<Price> price) {}

  /**
   * The price of one unit.
   *
   * @param currency as Skytells writes it, such as {@code USD}
   * @param unit in Skytells' words, such as {@code image}, {@code second} or {@code 5 seconds}
   */
  record Price(BigDecimal amount, String currency, String unit) {}
}
