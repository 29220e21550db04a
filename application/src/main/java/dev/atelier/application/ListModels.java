package dev.atelier.application;

import dev.atelier.application.port.ModelCatalog.Offer;
import dev.atelier.domain.Model;
import java.util.List;

/** Lists the models that may be asked for, with what Skytells says of them. */
public interface ListModels {
  /** The allow-list, in its order. */
  Result list();

  /**
   * The answer.
   *
   * @param offers one for each allowed model; without a price where Skytells names none, or has not
   *     been heard of yet
   * @param standard the model that is taken when none is named
   */
  record Result(List<Offer> offers, Model standard) {
    /** Copies the list. */
    public Result {
      offers = List.copyOf(offers);
    }
  }
}
