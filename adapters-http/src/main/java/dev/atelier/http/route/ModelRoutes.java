package dev.atelier.http.route;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.application.port.ModelCatalog.Offer;
import dev.atelier.application.query.ListModels;
import dev.atelier.domain.Price;
import dev.atelier.http.header.EntityTag;
import dev.atelier.http.problem.ProblemCode;
import dev.atelier.http.problem.ProblemException;
import dev.atelier.http.request.Json;
import dev.atelier.http.request.Routes;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Locale;

/** Lists the allowed models. */
public final class ModelRoutes implements Routes {
  private final ListModels listModels;

  public ModelRoutes(ListModels listModels) {
    this.listModels = listModels;
  }

  @Override
  public void addTo(RoutesConfig routes) {
    Routes.read(routes, "/api/models", this::list);
    Routes.read(routes, "/api/models/{model}", this::get);
  }

  private void list(Context ctx) {
    ListModels.Result result = listModels.list();
    ObjectNode json = Json.object();
    ArrayNode items = json.putArray("items");
    result.offers().forEach(offer -> items.add(item(offer, result.defaultModel())));
    respond(ctx, json);
  }

  private void get(Context ctx) {
    ListModels.Result models = listModels.list();
    Offer offer =
        listModels
            .find(ctx.pathParam("model"))
            .orElseThrow(() -> new ProblemException(ProblemCode.NOT_FOUND));
    respond(ctx, item(offer, models.defaultModel()));
  }

  private static void respond(Context ctx, ObjectNode json) {
    EntityTag tag = EntityTag.of(json);
    ctx.header("ETag", tag.value()).header("Cache-Control", "private, max-age=60");
    if (tag.matches(ctx.header("If-None-Match"))) {
      ctx.status(304);
    } else {
      Json.respond(ctx, 200, json);
    }
  }

  private static ObjectNode item(Offer offer, String defaultModel) {
    ObjectNode item =
        Json.object()
            .put("model", offer.model().slug())
            .put("type", offer.model().kind().name().toLowerCase(Locale.ROOT))
            .put("default", offer.model().slug().equalsIgnoreCase(defaultModel))
            .put("name", offer.name())
            .put("description", offer.description())
            .put("operational", offer.operational());
    item.set("price", offer.price().map(ModelRoutes::price).orElse(null));
    item.set("parameters", offer.parameters().map(Json::parse).orElse(null));
    return item;
  }

  private static ObjectNode price(Price price) {
    return Json.object()
        .put("amount", price.amount())
        .put("currency", price.currency())
        .put("unit", price.unit());
  }
}
