package dev.atelier.skytells.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.application.port.ModelCatalog.Lookup;
import dev.atelier.application.port.ModelCatalog.Offer;
import dev.atelier.domain.InvalidValueException;
import dev.atelier.domain.Model;
import dev.atelier.domain.Price;
import dev.atelier.skytells.json.SkytellsJson;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;

/**
 * What Skytells publishes about a model.
 *
 * @param json as published
 * @param schema empty if it was not published or cannot be used
 */
public record ModelDocument(String slug, ObjectNode json, Optional<InputSchema> schema) {
  private static final String SCHEMA = "input_schema";
  private static final BigDecimal HIGHEST_PRICE = BigDecimal.valueOf(1_000_000);
  private static final int MAX_DECIMALS = 12;

  /** Reads a document; empty without a valid slug. */
  public static Optional<ModelDocument> read(JsonNode json) {
    return json instanceof ObjectNode object
        ? SkytellsJson.text(object, "namespace")
            .map(ModelDocument::withoutVendor)
            .filter(ModelDocument::isSlug)
            .map(slug -> new ModelDocument(slug, object, InputSchema.read(object.path(SCHEMA))))
        : Optional.empty();
  }

  private static boolean isSlug(String text) {
    try {
      return !new Model(text, Model.Kind.IMAGE).slug().isEmpty();
    } catch (InvalidValueException e) {
      return false;
    }
  }

  /** The slug of {@code skytells/truefusion-pro} is {@code truefusion-pro}. */
  public static String withoutVendor(String slug) {
    return slug.substring(slug.indexOf('/') + 1);
  }

  /** This document, with the last usable schema if its own is not. */
  public ModelDocument orSchemaOf(Optional<ModelDocument> earlier) {
    if (schema.isPresent() || earlier.flatMap(ModelDocument::schema).isEmpty()) {
      return this;
    }
    ObjectNode merged = json.deepCopy();
    merged.set(SCHEMA, earlier.get().json.path(SCHEMA));
    return new ModelDocument(slug, merged, earlier.get().schema);
  }

  /** Whether it is offered, or why not. */
  public Lookup lookup() {
    Optional<String> type = SkytellsJson.text(json, "type");
    Model builtIn = BuiltInModels.bySlug(slug);
    return type.map(text -> kind(text.toLowerCase(Locale.ROOT)))
        .orElseGet(() -> Optional.of(builtIn.kind()))
        .<Lookup>map(kind -> new Lookup.Found(offer(new Model(slug, kind))))
        .orElseGet(() -> new Lookup.Unsupported(type.filter(SkytellsJson::isName).orElse("?")));
  }

  private Offer offer(Model model) {
    return new Offer(
        model,
        SkytellsJson.text(json, "name").orElse(slug),
        SkytellsJson.text(json, "description").orElse(""),
        SkytellsJson.text(json, "status").filter("offline"::equalsIgnoreCase).isEmpty(),
        price(json.path("pricing")),
        schema.map(InputSchema::display));
  }

  private static Optional<Model.Kind> kind(String type) {
    return switch (type) {
      case "image" -> Optional.of(Model.Kind.IMAGE);
      case "video" -> Optional.of(Model.Kind.VIDEO);
      case "audio", "music" -> Optional.of(Model.Kind.AUDIO);
      default -> Optional.empty();
    };
  }

  private static Optional<Price> price(JsonNode pricing) {
    Optional<String> currency = SkytellsJson.text(pricing, "currency");
    Optional<String> unit = SkytellsJson.text(pricing, "unit");
    JsonNode amount = pricing.path("amount");
    return amount.isNumber() && isPlain(amount.decimalValue())
        ? currency.flatMap(c -> unit.map(u -> new Price(amount.decimalValue(), c, u)))
        : Optional.empty();
  }

  /** 1e999999999 has a billion digits when printed. */
  private static boolean isPlain(BigDecimal amount) {
    return amount.signum() >= 0
        && amount.compareTo(HIGHEST_PRICE) <= 0
        && amount.scale() <= MAX_DECIMALS;
  }
}
