package dev.atelier.application;

import dev.atelier.application.port.ModelCatalog;
import dev.atelier.application.port.ModelCatalog.Offer;
import dev.atelier.domain.AllowedModels;
import dev.atelier.domain.Model;
import java.util.List;
import java.util.Optional;

/** The allow-list says which models there are and what they make; the catalogue adds to it. */
public final class ListModelsService implements ListModels {
  private final AllowedModels allowed;
  private final ModelCatalog catalog;

  /** Wires the use case. */
  public ListModelsService(AllowedModels allowed, ModelCatalog catalog) {
    this.allowed = allowed;
    this.catalog = catalog;
  }

  @Override
  public Result list() {
    List<Offer> offers = catalog.offers();
    return new Result(
        allowed.models().stream().map(model -> offer(model, offers)).toList(), allowed.standard());
  }

  /** Skytells writes its models in upper and lower case. */
  private static Offer offer(Model model, List<Offer> offers) {
    return offers.stream()
        .filter(offer -> offer.model().slug().equalsIgnoreCase(model.slug()))
        .findFirst()
        .map(it -> new Offer(model, it.name(), it.description(), it.operational(), it.price()))
        .orElseGet(() -> new Offer(model, model.slug(), "", true, Optional.empty()));
  }
}
