package dev.atelier.application.query;

import dev.atelier.application.port.ModelCatalog;
import dev.atelier.application.port.ModelCatalog.Offer;
import dev.atelier.domain.AllowedModels;
import dev.atelier.domain.Model;
import java.util.List;
import java.util.Optional;

/** Merges the allow-list, which decides the models and their kinds, with the provider's catalog. */
public final class ListModelsService implements ListModels {
  private final AllowedModels allowed;
  private final ModelCatalog catalog;

  public ListModelsService(AllowedModels allowed, ModelCatalog catalog) {
    this.allowed = allowed;
    this.catalog = catalog;
  }

  @Override
  public Result list() {
    List<Offer> offers = catalog.offers();
    return new Result(
        allowed.models().stream().map(model -> offer(model, offers)).toList(),
        allowed.defaultModel());
  }

  /** Ignores the case of slugs, because Skytells uses both. */
  private static Offer offer(Model model, List<Offer> offers) {
    return offers.stream()
        .filter(offer -> offer.model().slug().equalsIgnoreCase(model.slug()))
        .findFirst()
        .map(
            offer ->
                new Offer(
                    model, offer.name(), offer.description(), offer.operational(), offer.price()))
        .orElseGet(() -> new Offer(model, model.slug(), "", true, Optional.empty()));
  }
}
