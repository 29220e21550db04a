package dev.atelier.application.port;

import dev.atelier.application.port.ModelCatalog.Lookup;
import dev.atelier.application.port.ModelCatalog.Offer;
import dev.atelier.domain.Generations;
import dev.atelier.domain.Model;
import dev.atelier.domain.ModelInput;
import dev.atelier.domain.Price;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * A scriptable catalog. Its models require a prompt, and accept every parameter unless a test
 * rejects some.
 */
public final class InMemoryModels implements ModelCatalog, InputBuilder {
  /** A model that makes neither images nor videos nor audio. */
  public static final String TEXT_MODEL = "fusion-text";

  private final List<Offer> offers = new ArrayList<>();
  private List<Violation> violations = List.of();

  public InMemoryModels() {
    offers.add(
        new Offer(
            Generations.IMAGE_MODEL,
            "TrueFusion Pro",
            "Pictures.",
            true,
            Optional.of(new Price(new BigDecimal("0.03"), "USD", "image")),
            Optional.of(
                "{\"type\":\"object\",\"properties\":{\"prompt\":{\"type\":\"string\"}}}")));
    offers.add(Offer.of(Generations.VIDEO_MODEL));
  }

  /** Adds a model, or replaces the one with its slug. */
  public synchronized void add(Offer offer) {
    offers.removeIf(known -> known.model().slug().equals(offer.model().slug()));
    offers.add(offer);
  }

  /** Sets the price of an image in USD. */
  public void setPrice(String amount) {
    Offer offer = offers().getFirst();
    add(
        new Offer(
            offer.model(),
            offer.name(),
            offer.description(),
            true,
            Optional.of(new Price(new BigDecimal(amount), "USD", "image")),
            offer.parameters()));
  }

  /** Reports the model as offline. */
  public void takeOffline(Model model) {
    add(new Offer(model, model.slug(), "", false, Optional.empty(), Optional.empty()));
  }

  /** Offers the model no longer. */
  public synchronized void remove(Model model) {
    offers.removeIf(known -> known.model().equals(model));
  }

  /** Rejects every input with these violations. */
  public synchronized void reject(Violation... rejected) {
    violations = List.of(rejected);
  }

  @Override
  public synchronized List<Offer> offers() {
    return List.copyOf(offers);
  }

  @Override
  public Lookup find(String slug) {
    if (slug.equals(TEXT_MODEL)) {
      return new Lookup.Unsupported("text");
    }
    return offers().stream()
        .filter(offer -> offer.model().slug().equalsIgnoreCase(slug))
        .findFirst()
        .<Lookup>map(Lookup.Found::new)
        .orElseGet(() -> new Lookup.Unlisted(Offer.of(new Model(slug, Model.Kind.IMAGE))));
  }

  @Override
  public synchronized Result build(Draft draft) {
    if (!violations.isEmpty()) {
      return new Result.Rejected(violations);
    }
    if (draft.prompt().isEmpty() && !draft.parameters().values().containsKey("prompt")) {
      return new Result.Rejected(List.of(new Violation("prompt", "is required")));
    }
    if (draft.model().kind() == Model.Kind.IMAGE && draft.options().durationSeconds().isPresent()) {
      return new Result.Rejected(
          List.of(new Violation("durationSeconds", "is not an option of this model")));
    }
    var values = new LinkedHashMap<String, Object>();
    draft.prompt().ifPresent(prompt -> values.put("prompt", prompt.value()));
    draft.options().width().ifPresent(width -> values.put("width", width));
    values.putAll(draft.parameters().values());
    return new Result.Built(new ModelInput(values), Generations.ONE);
  }
}
