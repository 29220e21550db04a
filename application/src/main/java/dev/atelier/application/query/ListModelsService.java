package dev.atelier.application.query;

import dev.atelier.application.port.ModelCatalog;
import dev.atelier.application.port.ModelCatalog.Lookup;
import dev.atelier.application.port.ModelCatalog.Offer;
import dev.atelier.domain.AllowedModels;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Merges the allow-list with the provider's catalog. */
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
        allowed.patterns().stream()
            .flatMap(pattern -> matches(pattern, offers))
            .distinct()
            .toList(),
        allowed.defaultModel());
  }

  /** A model that is allowed by its slug is listed even if Skytells does not list it. */
  private Stream<Offer> matches(String pattern, List<Offer> offers) {
    List<Offer> matches =
        offers.stream()
            .filter(offer -> AllowedModels.matches(pattern, offer.model().slug()))
            .toList();
    return matches.isEmpty() && !AllowedModels.isWildcard(pattern)
        ? offer(catalog.find(pattern), true).stream()
        : matches.stream();
  }

  @Override
  public Optional<Offer> find(String slug) {
    return allowed.allows(slug) ? offer(catalog.find(slug), allowed.names(slug)) : Optional.empty();
  }

  private static Optional<Offer> offer(Lookup lookup, boolean allowedBySlug) {
    return switch (lookup) {
      case Lookup.Found found -> Optional.of(found.offer());
      case Lookup.Unlisted unlisted ->
          allowedBySlug ? Optional.of(unlisted.assumed()) : Optional.empty();
      case Lookup.Unsupported _ -> Optional.empty();
    };
  }
}
