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

/** Skytells' models, cached for ten minutes. */
public final class SkytellsModelCatalog implements ModelCatalog {
  /** As in Skytells' SDK. */
  private static final Duration TTL = Duration.ofMinutes(10);

  /** How long stale models are used after a failed refresh. */
  private static final Duration TTL_AFTER_FAILURE = Duration.ofMinutes(1);

  private static final BigDecimal HIGHEST_PRICE = BigDecimal.valueOf(1_000_000);
  private static final int MAX_DECIMALS = 12;

  private final SkytellsClient client;
  private final Clock clock;
  private final ReentrantLock refreshing = new ReentrantLock();
  private volatile Cached cached = new Cached(List.of(), Instant.MIN);

  private record Cached(List<Offer> offers, Instant until) {}

  public SkytellsModelCatalog(SkytellsClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  @Override
  public List<Offer> offers() {
    Cached current = cached;
    if (isFresh(current)) {
      return current.offers();
    }
    // With stale models, do not wait for a refresh in another thread.
    if (current.offers().isEmpty()) {
      refreshing.lock();
    } else if (!refreshing.tryLock()) {
      return current.offers();
    }
    try {
      if (!isFresh(cached)) {
        cached = refresh(cached.offers());
      }
      return cached.offers();
    } finally {
      refreshing.unlock();
    }
  }

  private boolean isFresh(Cached entry) {
    return clock.instant().isBefore(entry.until());
  }

  private Cached refresh(List<Offer> stale) {
    Optional<JsonNode> list = client.models().list();
    Instant now = clock.instant();
    return list.map(models -> new Cached(read(models), now.plus(TTL)))
        .orElseGet(() -> new Cached(stale, now.plus(TTL_AFTER_FAILURE)));
  }

  private static List<Offer> read(JsonNode models) {
    var offers = new ArrayList<Offer>();
    for (JsonNode json : models) {
      model(json)
          .map(
              model ->
                  new Offer(
                      model,
                      SkytellsJson.text(json, "name").orElse(model.slug()),
                      SkytellsJson.text(json, "description").orElse(""),
                      SkytellsJson.text(json, "status")
                          .filter("offline"::equalsIgnoreCase)
                          .isEmpty(),
                      price(json.path("pricing"))))
          .ifPresent(offers::add);
    }
    return List.copyOf(offers);
  }

  private static Optional<Model> model(JsonNode json) {
    return SkytellsJson.text(json, "namespace")
        .map(SkytellsModels::bare)
        .flatMap(
            slug ->
                kind(json)
                    .flatMap(
                        kind -> {
                          try {
                            return Optional.of(new Model(slug, kind));
                          } catch (InvalidValueException e) {
                            return Optional.empty();
                          }
                        }));
  }

  private static Optional<Model.Kind> kind(JsonNode json) {
    return switch (SkytellsJson.text(json, "type").orElse("").toLowerCase(Locale.ROOT)) {
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

  /** 1e999999999 has a billion digits when printed. */
  private static boolean isPlain(BigDecimal amount) {
    return amount.signum() >= 0
        && amount.compareTo(HIGHEST_PRICE) <= 0
        && amount.scale() <= MAX_DECIMALS;
  }
}
