package dev.atelier.skytells.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.atelier.skytells.sandbox.catalog.Model;
import dev.atelier.skytells.sandbox.catalog.Models;
import dev.atelier.skytells.sandbox.fault.CatalogFault;
import dev.atelier.skytells.sandbox.http.FullResponse;
import dev.atelier.skytells.sandbox.http.RefusedException;
import dev.atelier.skytells.sandbox.http.Response;
import java.util.Set;

/** The routes of the catalog: those of Skytells, and those that change it. Thread-safe. */
public final class ModelRoutes {
  private final Models models;
  private volatile CatalogFault fault = CatalogFault.NONE;

  public ModelRoutes(Models models) {
    this.models = models;
  }

  Response list(Set<String> fields) {
    return fault.response().orElseGet(() -> FullResponse.json(200, models.list(fields)));
  }

  Response get(String slug, Set<String> fields) throws RefusedException {
    FullResponse found = FullResponse.json(200, models.bySlug(slug).describe(fields));
    return fault.response().orElse(found);
  }

  FullResponse put(JsonNode description) throws RefusedException {
    try {
      Model model = Model.of(description);
      models.put(model);
      return FullResponse.json(200, model.description());
    } catch (IllegalArgumentException e) {
      throw invalid(e);
    }
  }

  FullResponse remove(String slug) throws RefusedException {
    Model model = models.bySlug(slug);
    models.remove(model.slug());
    return FullResponse.json(200, JsonNodeFactory.instance.objectNode().put("success", true));
  }

  FullResponse setFault(JsonNode body) throws RefusedException {
    try {
      fault = CatalogFault.of(body.path("fault").asText());
      return FullResponse.json(
          200, JsonNodeFactory.instance.objectNode().put("fault", fault.tag()));
    } catch (IllegalArgumentException e) {
      throw invalid(e);
    }
  }

  private static RefusedException invalid(IllegalArgumentException cause) {
    return new RefusedException(
        FullResponse.error(422, "INVALID_INPUT", String.valueOf(cause.getMessage())));
  }
}
