package dev.atelier.skytells.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atelier.application.port.ModelCatalog;
import dev.atelier.application.port.PublishedModels;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.domain.Model;
import dev.atelier.skytells.json.SkytellsJson;
import dev.atelier.skytells.model.BuiltInModels;
import dev.atelier.skytells.model.InputSchema;
import dev.atelier.skytells.model.ModelDocument;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Skytells' models. Refreshed in the background every ten minutes; the last documents are kept in
 * the database, for instances that start while Skytells is unreachable.
 */
public final class SkytellsModelCatalog implements ModelCatalog {
  private static final Logger log = LoggerFactory.getLogger(SkytellsModelCatalog.class);

  /** As in Skytells' SDK. */
  private static final Duration TTL = Duration.ofMinutes(10);

  private static final Duration TTL_AFTER_FAILURE = Duration.ofMinutes(1);

  /** How old the list must be before an unlisted model is looked for again. */
  private static final Duration UNLISTED_TTL = Duration.ofSeconds(10);

  private final SkytellsClient client;
  private final PublishedModels published;
  private final Executor background;
  private final Clock clock;
  private final ReentrantLock refreshing = new ReentrantLock();

  /** Schemas of models that are listed without one, since the last refresh. */
  private final Map<String, Optional<InputSchema>> schemas = new ConcurrentHashMap<>();

  private volatile Cached cached =
      new Cached(Map.of(), Instant.MIN, Instant.MIN, Cached.Source.NONE);

  /**
   * @param documents by slug in lower case, in Skytells' order
   * @param refreshed when it was last attempted to read the list
   */
  private record Cached(
      Map<String, ModelDocument> documents, Instant refreshed, Instant until, Source source) {
    enum Source {
      NONE,
      DATABASE,
      SKYTELLS
    }

    Optional<ModelDocument> find(String slug) {
      return Optional.ofNullable(documents.get(key(slug)));
    }
  }

  public SkytellsModelCatalog(
      SkytellsClient client, PublishedModels published, Executor background, Clock clock) {
    this.client = client;
    this.published = published;
    this.background = background;
    this.clock = clock;
  }

  @Override
  public List<Offer> offers() {
    return current().documents().values().stream()
        .map(ModelDocument::lookup)
        .filter(Lookup.Found.class::isInstance)
        .map(found -> ((Lookup.Found) found).offer())
        .toList();
  }

  @Override
  public Lookup find(String slug) {
    Cached current = current();
    Optional<ModelDocument> document = current.find(slug);
    if (document.isEmpty()
        && current.source() != Cached.Source.NONE
        && !clock.instant().isBefore(current.refreshed().plus(UNLISTED_TTL))) {
      current = refreshNow(current);
      document = current.find(slug);
    }
    if (document.isPresent()) {
      return document.get().lookup();
    }
    Offer assumed = Offer.of(BuiltInModels.bySlug(slug));
    return current.source() == Cached.Source.SKYTELLS
        ? new Lookup.Unlisted(assumed)
        : new Lookup.Found(assumed);
  }

  /** The last known schema of the model; the built-in one if none is known. */
  public InputSchema schema(Model model) {
    Optional<ModelDocument> document = cached.find(model.slug());
    return document
        .flatMap(ModelDocument::schema)
        .or(() -> document.flatMap(listed -> schemas.computeIfAbsent(listed.slug(), this::ask)))
        .orElseGet(() -> BuiltInModels.schema(model));
  }

  /** Asks for the schema of one model, if the list lacks it. */
  private Optional<InputSchema> ask(String slug) {
    return client
        .model(slug)
        .json()
        .flatMap(ModelDocument::read)
        .filter(document -> document.slug().equalsIgnoreCase(slug))
        .flatMap(ModelDocument::schema);
  }

  /** Reads the list ahead of the first request. */
  public void warmUp() {
    background.execute(this::current);
  }

  /** Waits only if this instance knows nothing yet. */
  private Cached current() {
    Cached current = cached;
    if (clock.instant().isBefore(current.until())) {
      return current;
    }
    if (current.source() == Cached.Source.NONE && current.until().equals(Instant.MIN)) {
      return first();
    }
    if (!refreshing.isLocked()) {
      background.execute(() -> refreshNow(current));
    }
    return current;
  }

  private Cached first() {
    refreshing.lock();
    try {
      Cached unknown = cached;
      if (!unknown.until().equals(Instant.MIN)) {
        return unknown;
      }
      Map<String, ModelDocument> stored = stored();
      if (stored.isEmpty()) {
        return refresh(unknown);
      }
      Instant now = clock.instant();
      cached = new Cached(stored, Instant.MIN, now, Cached.Source.DATABASE);
    } finally {
      refreshing.unlock();
    }
    return current();
  }

  /** Concurrent callers share one call to Skytells. */
  private Cached refreshNow(Cached seen) {
    refreshing.lock();
    try {
      return cached.equals(seen) ? refresh(seen) : cached;
    } finally {
      refreshing.unlock();
    }
  }

  private Cached refresh(Cached earlier) {
    Optional<JsonNode> list = client.models().list().filter(models -> !models.isEmpty());
    Instant now = clock.instant();
    if (list.isEmpty()) {
      cached = new Cached(earlier.documents(), now, now.plus(TTL_AFTER_FAILURE), earlier.source());
      return cached;
    }
    var documents = new LinkedHashMap<String, ModelDocument>();
    for (JsonNode json : list.get()) {
      ModelDocument.read(json)
          .map(document -> document.orSchemaOf(earlier.find(document.slug())))
          .ifPresent(document -> documents.put(key(document.slug()), document));
    }
    cached = new Cached(documents, now, now.plus(TTL), Cached.Source.SKYTELLS);
    schemas.clear();
    save(earlier, documents);
    return cached;
  }

  private Map<String, ModelDocument> stored() {
    try {
      return published.all().values().stream()
          .map(SkytellsJson::parse)
          .flatMap(json -> ModelDocument.read(json).stream())
          .collect(
              Collectors.toMap(
                  document -> key(document.slug()),
                  document -> document,
                  (_, last) -> last,
                  LinkedHashMap::new));
    } catch (UnavailableException e) {
      log.warn("cannot read the stored models, asking Skytells: {}", e.reason());
      return Map.of();
    }
  }

  private void save(Cached earlier, Map<String, ModelDocument> documents) {
    Map<String, String> changed =
        documents.entrySet().stream()
            .filter(
                entry ->
                    earlier
                        .find(entry.getKey())
                        .filter(known -> known.json().equals(entry.getValue().json()))
                        .isEmpty())
            .collect(
                Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().json().toString()));
    try {
      published.save(changed);
    } catch (UnavailableException e) {
      log.warn("cannot store the models, the next change is stored: {}", e.reason());
    }
  }

  private static String key(String slug) {
    return slug.toLowerCase(Locale.ROOT);
  }
}
