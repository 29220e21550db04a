package dev.atelier.skytells.sandbox.catalog;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.atelier.skytells.sandbox.http.FullResponse;
import dev.atelier.skytells.sandbox.http.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/** The sandbox's model catalog: at first {@code models.json}. Thread-safe. */
public final class Models {
  private final SequencedMap<String, Model> models = new LinkedHashMap<>();

  private Models() {}

  public static Models load() {
    try (InputStream json = Models.class.getResourceAsStream("models.json")) {
      var models = new Models();
      new ObjectMapper().readTree(json).forEach(model -> models.put(Model.of(model)));
      return models;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Ignores case and vendor.
   *
   * @throws RefusedException with Skytells' 404
   */
  public synchronized Model bySlug(String name) throws RefusedException {
    String slug = name.substring(name.lastIndexOf('/') + 1);
    return Optional.ofNullable(models.get(key(slug)))
        .orElseThrow(
            () ->
                new RefusedException(
                    FullResponse.flatError(
                        404,
                        "MODEL_NOT_FOUND",
                        "The model with slug '" + slug + "' does not exist")));
  }

  /** Adds the model, or replaces the one with its slug. */
  public synchronized void put(Model model) {
    models.put(key(model.slug()), model);
  }

  /** Returns false if there is no such model. */
  public synchronized boolean remove(String slug) {
    return models.remove(key(slug)) != null;
  }

  /** The models' descriptions, with the schemas that are among {@code fields}. */
  public synchronized ArrayNode list(Set<String> fields) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    models.values().forEach(model -> list.add(model.describe(fields)));
    return list;
  }

  private static String key(String slug) {
    return slug.toLowerCase(Locale.ROOT);
  }
}
