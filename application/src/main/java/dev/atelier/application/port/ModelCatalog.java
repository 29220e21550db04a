package dev.atelier.application.port;

import dev.atelier.domain.Model;
import dev.atelier.domain.Price;
import java.util.List;
import java.util.Optional;

/**
 * The models that Skytells offers, cached. A call waits for Skytells only while nothing is known
 * about a model; nothing throws because Skytells is unreachable.
 */
public interface ModelCatalog {
  /** Returns all image, video and audio models, in Skytells' order. */
  List<Offer> offers();

  /**
   * Finds a model.
   *
   * @param slug in any case
   */
  Lookup find(String slug);

  /** What is known about a model. */
  sealed interface Lookup {
    /** Skytells offers it, or Skytells is unreachable and the model is assumed to exist. */
    record Found(Offer offer) implements Lookup {}

    /**
     * Skytells does not list it.
     *
     * @param assumed what an operator who allows it by its slug gets
     */
    record Unlisted(Offer assumed) implements Lookup {}

    /**
     * It produces something else.
     *
     * @param type in Skytells' words, such as {@code text}
     */
    record Unsupported(String type) implements Lookup {}
  }

  /**
   * A model on offer.
   *
   * @param name the display name
   * @param description a sentence or two; may be empty
   * @param operational whether Skytells reports that the model works
   * @param price if Skytells states one
   * @param parameters its JSON Schema, as JSON text with the properties in display order; empty if
   *     unknown
   */
  record Offer(
      Model model,
      String name,
      String description,
      boolean operational,
      Optional<Price> price,
      Optional<String> parameters) {

    /** An offer with only a model; everything else is unknown. */
    public static Offer of(Model model) {
      return new Offer(model, model.slug(), "", true, Optional.empty(), Optional.empty());
    }
  }
}
