package dev.atelier.http.route;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.application.generate.InvalidRequestException;
import dev.atelier.application.generate.InvalidRequestException.FieldError;
import dev.atelier.application.port.Generations.Position;
import dev.atelier.application.query.ListGenerations;
import dev.atelier.domain.Status;
import dev.atelier.http.auth.CallerResolver;
import dev.atelier.http.request.Json;
import dev.atelier.http.request.Routes;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Lists the caller's generations in pages, newest first. */
public final class ListRoutes implements Routes {
  private static final int DEFAULT_LIMIT = 20;
  private static final int MAX_LIMIT = 100;
  private static final String STATUSES =
      Stream.of(Status.values()).map(Status::value).collect(Collectors.joining(", "));
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,3}");

  private final ListGenerations listGenerations;
  private final CallerResolver callerResolver;
  private final GenerationJson generationJson;

  public ListRoutes(ListGenerations listGenerations, CallerResolver callerResolver, Links links) {
    this.listGenerations = listGenerations;
    this.callerResolver = callerResolver;
    this.generationJson = new GenerationJson(links);
  }

  @Override
  public void addTo(RoutesConfig routes) {
    Routes.read(routes, "/api/predictions", this::list);
  }

  private void list(Context ctx) {
    ListGenerations.Page page = listGenerations.list(query(ctx));
    ObjectNode json = Json.object();
    ArrayNode items = json.putArray("items");
    page.generations().forEach(generation -> items.add(generationJson.of(generation)));
    json.put("nextCursor", page.next().map(Cursor::write).orElse(null));
    ctx.header("Cache-Control", "private, no-cache");
    Json.respond(ctx, 200, json);
  }

  private ListGenerations.Query query(Context ctx) {
    var errors = new ArrayList<FieldError>();
    int limit = single(ctx, "limit").map(text -> limit(text, errors)).orElse(DEFAULT_LIMIT);
    Optional<Position> after = single(ctx, "cursor").flatMap(text -> cursor(text, errors));
    Set<Status> statuses =
        single(ctx, "status")
            .map(text -> statuses(text, errors))
            .orElseGet(() -> EnumSet.allOf(Status.class));
    if (!errors.isEmpty()) {
      throw new InvalidRequestException(errors);
    }
    return new ListGenerations.Query(callerResolver.accessScope(ctx), statuses, after, limit);
  }

  /** Joins repeated parameters, which only {@code status} accepts. */
  private static Optional<String> single(Context ctx, String parameter) {
    List<String> values = ctx.queryParams(parameter);
    return values.isEmpty() ? Optional.empty() : Optional.of(String.join(",", values));
  }

  private static int limit(String text, List<FieldError> errors) {
    int limit = NUMBER.matcher(text).matches() ? Integer.parseInt(text) : 0;
    if (limit < 1 || limit > MAX_LIMIT) {
      errors.add(new FieldError("limit", "must be between 1 and " + MAX_LIMIT));
    }
    return limit;
  }

  private static Optional<Position> cursor(String text, List<FieldError> errors) {
    Optional<Position> position = Cursor.read(text);
    if (position.isEmpty()) {
      errors.add(new FieldError("cursor", "must be the nextCursor of a previous page"));
    }
    return position;
  }

  private static Set<Status> statuses(String text, List<FieldError> errors) {
    Set<Status> statuses = EnumSet.noneOf(Status.class);
    for (String name : text.split(",", -1)) {
      Stream.of(Status.values())
          .filter(status -> status.value().equals(name))
          .findFirst()
          .ifPresentOrElse(
              statuses::add,
              () -> errors.add(new FieldError("status", "must be one or more of " + STATUSES)));
    }
    return statuses;
  }
}
