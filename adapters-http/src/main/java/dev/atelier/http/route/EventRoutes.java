package dev.atelier.http.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.application.subscribe.SubscribeToGeneration;
import dev.atelier.application.subscribe.SubscribeToGeneration.Result.NotFound;
import dev.atelier.application.subscribe.SubscribeToGeneration.Result.Subscribed;
import dev.atelier.application.subscribe.SubscribeToGeneration.Subscription;
import dev.atelier.application.subscribe.SubscribeToGeneration.Update;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.http.auth.CallerResolver;
import dev.atelier.http.header.EntityTag;
import dev.atelier.http.problem.ProblemException;
import dev.atelier.http.request.ClientDisconnectMonitor;
import dev.atelier.http.request.Routes;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams a generation as Server-Sent Events (HTML Living Standard, §9.2) until it ends. A slow
 * client receives only the latest state.
 *
 * <p>The event id is the entity tag of the state, so a reconnect with {@code Last-Event-ID} repeats
 * nothing. After the final state it gets 204, which stops browsers from reconnecting.
 */
public final class EventRoutes implements Routes {
  private static final Logger log = LoggerFactory.getLogger(EventRoutes.class);

  /** In milliseconds. */
  private static final String RETRY_INTERVAL = "retry: 2000\n\n";

  /** A comment, which clients ignore. */
  private static final String HEARTBEAT = ":\n\n";

  private final SubscribeToGeneration subscribeToGeneration;
  private final CallerResolver callerResolver;
  private final GenerationJson generationJson;
  private final Duration heartbeat;

  public EventRoutes(
      SubscribeToGeneration subscribeToGeneration,
      CallerResolver callerResolver,
      Links links,
      Duration heartbeat) {
    this.subscribeToGeneration = subscribeToGeneration;
    this.callerResolver = callerResolver;
    this.generationJson = new GenerationJson(links);
    this.heartbeat = heartbeat;
  }

  @Override
  public void addTo(RoutesConfig routes) {
    Routes.read(routes, "/api/predictions/{id}/events", this::events);
  }

  private void events(Context ctx) {
    GenerationId id =
        GenerationId.parse(ctx.pathParam("id")).orElseThrow(ProblemException::notFound);
    switch (subscribeToGeneration.subscribe(
        new SubscribeToGeneration.Query(callerResolver.accessScope(ctx), id))) {
      case NotFound _ -> throw ProblemException.notFound();
      case Subscribed(Subscription subscription) -> {
        try (subscription) {
          respond(ctx, subscription);
        }
      }
    }
  }

  private void respond(Context ctx, Subscription subscription) {
    ctx.header("Cache-Control", "no-store");
    Generation generation = subscription.generation();
    String lastEventId = Optional.ofNullable(ctx.header("Last-Event-ID")).orElse("");
    String current = EntityTag.of(generationJson.of(generation)).opaque();
    if (!generation.isActive() && lastEventId.equals(current)) {
      ctx.status(204);
      return;
    }
    ctx.contentType("text/event-stream").header("X-Accel-Buffering", "no");
    if (HandlerType.HEAD.equals(ctx.method())) {
      return;
    }
    try (var _ = ClientDisconnectMonitor.await(ctx, subscription::close)) {
      send(subscription, lastEventId, ctx.res().getOutputStream());
    } catch (IOException e) {
      log.debug("client disconnected from the event stream: generation={}", generation.id(), e);
    }
  }

  private void send(Subscription subscription, String lastEventId, OutputStream out)
      throws IOException {
    write(RETRY_INTERVAL, out);
    String sentId = lastEventId;
    Update update = new Update.Changed(subscription.generation());
    while (true) {
      switch (update) {
        case Update.Changed(Generation generation) -> {
          ObjectNode json = generationJson.of(generation);
          String id = EntityTag.of(json).opaque();
          write(id.equals(sentId) ? HEARTBEAT : event(id, json), out);
          sentId = id;
          if (!generation.isActive()) {
            return;
          }
        }
        case Update.TimedOut _ -> write(HEARTBEAT, out);
        case Update.Closed _ -> {
          return;
        }
      }
      update = subscription.next(heartbeat);
    }
  }

  /** The JSON has no line breaks, which would end the data. */
  private static String event(String id, ObjectNode json) {
    return "event: generation\nid: " + id + "\ndata: " + json + "\n\n";
  }

  private static void write(String text, OutputStream out) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
