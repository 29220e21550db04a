package dev.atelier.application.query;

import dev.atelier.application.port.ModelCatalog.Offer;
import java.util.List;
import java.util.Optional;

/** Lists the allowed models with what Skytells publishes about them. */
public interface ListModels {
  /** Returns the allowed models, in the order of the allow-list. */
  Result list();

  /**
   * Finds an allowed model.
   *
   * @param slug in any case
   */
  Optional<Offer> find(String slug);

  /**
   * The allowed models.
   *
   * @param offers without a price and parameters if Skytells is unreachable or states none
   * @param defaultModel the slug of the default model
   */
  record Result(List<Offer> offers, String defaultModel) {
    public Result {
      offers = List.copyOf(offers);
    }
  }
}
