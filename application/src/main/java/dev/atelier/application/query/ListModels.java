package dev.atelier.application.query;

import dev.atelier.application.port.ModelCatalog.Offer;
import dev.atelier.domain.Model;
import java.util.List;

/** Lists the allowed models with what Skytells publishes about them. */
public interface ListModels {
  /** Returns the allow-list, in its order. */
  Result list();

  /**
   * The allowed models.
   *
   * @param offers one per allowed model; without a price if Skytells is unreachable or states none
   * @param defaultModel the default model
   */
  record Result(List<Offer> offers, Model defaultModel) {
    public Result {
      offers = List.copyOf(offers);
    }
  }
}
