package dev.atelier.http.route;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.application.generate.InvalidRequestException;
import dev.atelier.application.port.UsageReports.Entry;
import dev.atelier.application.port.UsageReports.Grouping;
import dev.atelier.application.query.GetUsage;
import dev.atelier.http.auth.CallerResolver;
import dev.atelier.http.request.Json;
import dev.atelier.http.request.Routes;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Reports what was spent. */
public final class UsageRoutes implements Routes {
  private static final Period DEFAULT_PERIOD = Period.ofDays(29);
  private static final int MAX_DAYS = 366;

  private final GetUsage getUsage;
  private final CallerResolver callerResolver;
  private final Clock clock;

  public UsageRoutes(GetUsage getUsage, CallerResolver callerResolver, Clock clock) {
    this.getUsage = getUsage;
    this.callerResolver = callerResolver;
    this.clock = clock;
  }

  @Override
  public void addTo(RoutesConfig routes) {
    Routes.read(routes, "/api/usage", this::usage);
  }

  private void usage(Context ctx) {
    LocalDate to =
        day(ctx, "to").orElseGet(() -> LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
    LocalDate from = day(ctx, "from").orElseGet(() -> to.minus(DEFAULT_PERIOD));
    if (from.isAfter(to)) {
      throw invalid("from", "must not be after to");
    }
    if (from.plusDays(MAX_DAYS).isBefore(to)) {
      throw invalid("from", "must be at most " + MAX_DAYS + " days before to");
    }
    Grouping by = grouping(ctx);
    List<Entry> entries =
        getUsage.get(new GetUsage.Query(callerResolver.accessScope(ctx), from, to, by));
    ObjectNode json =
        Json.object().put("from", from.toString()).put("to", to.toString()).put("by", name(by));
    ArrayNode items = json.putArray("items");
    entries.forEach(entry -> items.add(item(entry, by)));
    ctx.header("Cache-Control", "private, no-cache");
    Json.respond(ctx, 200, json);
  }

  private static ObjectNode item(Entry entry, Grouping by) {
    boolean known = entry.currency().isPresent();
    return Json.object()
        .put(name(by), entry.group())
        .put("generations", entry.generations())
        .put("amount", known ? entry.amount() : null)
        .put("currency", entry.currency().orElse(null));
  }

  private static Grouping grouping(Context ctx) {
    return single(ctx, "by")
        .map(
            text ->
                Stream.of(Grouping.values())
                    .filter(by -> name(by).equals(text))
                    .findFirst()
                    .orElseThrow(() -> invalid("by", "must be day, model or user")))
        .orElse(Grouping.DAY);
  }

  private static String name(Grouping by) {
    return by.name().toLowerCase(Locale.ROOT);
  }

  private static Optional<LocalDate> day(Context ctx, String parameter) {
    return single(ctx, parameter)
        .map(
            text -> {
              try {
                LocalDate day = LocalDate.parse(text);
                if (day.getYear() >= 1 && day.getYear() <= 9999) {
                  return day;
                }
                throw new DateTimeException("not a year of four digits");
              } catch (DateTimeException e) {
                throw invalid(parameter, "must be a day such as 2026-11-28");
              }
            });
  }

  private static Optional<String> single(Context ctx, String parameter) {
    List<String> values = ctx.queryParams(parameter);
    if (values.size() > 1) {
      throw invalid(parameter, "must be given once");
    }
    return values.stream().findFirst();
  }

  private static InvalidRequestException invalid(String parameter, String rule) {
    return new InvalidRequestException(parameter, rule);
  }
}
