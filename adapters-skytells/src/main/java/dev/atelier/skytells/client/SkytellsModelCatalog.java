package dev.atelier.skytells.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atelier.application.port.ModelCatalog;
import dev.atelier.domain.InvalidValueException;
import dev.atelier.domain.Model;
import dev.atelier.skytells.json.SkytellsJson;
import dev.atelier.skytells.model.SkytellsModels;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Skytells' models, asked for at most once in ten minutes. */
public final class SkytellsModelCatalog implements ModelCatalog {
  /** As long as Skytells' own SDK keeps them. */
  private static final Duration KEPT = Duration.ofMinutes(10);

  /** How long an old answer is good enough after a new one could not be had. */
  private static final Duration KEPT_AFTER_FAILURE = Duration.ofMinutes(1);

  private static final BigDecimal HIGHEST_PRICE = BigDecimal.valueOf(1_000_000);
  private static final int MAX_DECIMALS = 12;

  private final SkytellsClient client;
  private final Clock clock;
  private final ReentrantLock asking = new ReentrantLock();
  private volatile Known known = new Known(List.of(), Instant.MIN);

  private record Known(List<Offer> offers, Instant until) {}

  /** Asks nothing yet. */
  public SkytellsModelCatalog(SkytellsClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  @Override
  public List<Offer> offers() {
    Known last = known;
    if (isFresh(last)) {
      return last.offers();
    }
    // Who has something to show does not wait for another's question.
    if (last.offers().isEmpty()) {
      asking.lock();
    } else if (!asking.tryLock()) {
      return last.offers();
    }
    try {
      if (!isFresh(known)) {
        known = ask(known.offers());
      }
      return known.offers();
    } finally {
      asking.unlock();
    }
  }

  private boolean isFresh(Known what) {
    return clock.instant().isBefore(what.until());
  }

  private Known ask(List<Offer> before) {
    Optional<JsonNode> list = client.models().list();
    Instant now = clock.instant();
    return list.map(models -> new Known(read(models), now.plus(KEPT)))
        .orElseGet(() -> new Known(before, now.plus(KEPT_AFTER_FAILURE)));
  }

  private static List<Offer> read(JsonNode models) {
    var offers = new ArrayList<Offer>();
    for (JsonNode model : models) {
      model(model)
          .map(
              it ->
                  new Offer(
                      it,
                      SkytellsJson.text(model, "name").orElse(it.slug()),
                      SkytellsJson.text(model, "description").orElse(""),
                      SkytellsJson.text(model, "status")
                          .filter("offline"::equalsIgnoreCase)
                          .isEmpty(),
                      price(model.path("pricing"))))
          .ifPresent(offers::add);
    }
    return List.copyOf(offers);
  }

  private static Optional<Model> model(JsonNode model) {
    return SkytellsJson.text(model, "namespace")
        .map(SkytellsModels::bare)
        .flatMap(
            slug ->
                kind(model)
                    .flatMap(
                        kind -> {
                          try {
                            return Optional.of(new Model(slug, kind));
                          } catch (InvalidValueException e) {
                            return Optional.empty();
                          }
                        }));
  }

  private static Optional<Model.Kind> kind(JsonNode model) {
    return switch (SkytellsJson.text(model, "type").orElse("").toLowerCase(Locale.ROOT)) {
      case "image" -> Optional.of(Model.Kind.IMAGE);
      case "video" -> Optional.of(Model.Kind.VIDEO);
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

  /** Whoever writes it out must not be made to write a million digits. */
  private static boolean isPlain(BigDecimal amount) {
    return amount.signum() >= 0
        && amount.compareTo(HIGHEST_PRICE) <= 0
        && amount.scale() <= MAX_DECIMALS;
  }
}
