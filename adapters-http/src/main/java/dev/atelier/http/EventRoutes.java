package dev.atelier.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.application.WatchGeneration;
import dev.atelier.application.WatchGeneration.Result.NotFound;
import dev.atelier.application.WatchGeneration.Result.Watching;
import dev.atelier.application.WatchGeneration.Sight;
import dev.atelier.application.WatchGeneration.Watch;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
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
 * A generation as it moves, as Server-Sent Events (HTML Living Standard, §9.2): how it stands, then
 * one event per change of what a client sees, the last one at its end. Changes that come faster
 * than they are sent are one event, of the latest; a status never goes backwards.
 *
 * <p>An event's id names what it shows, as the status's {@code ETag} does. So a client that comes
 * back with {@code Last-Event-ID} is sent nothing that it has seen; and where nothing more will
 * come, it is answered 204, on which a browser gives up coming back.
 */
final class EventRoutes implements Routes {
  private static final Logger log = LoggerFactory.getLogger(EventRoutes.class);

  /** Milliseconds until a browser that was cut off, or has seen the end, comes back. */
  private static final String COME_BACK = "retry: 2000\n\n";

  /** A comment, which no client is shown. */
  private static final String HEARTBEAT = ":\n\n";

  private final WatchGeneration watchGeneration;
  private final Callers callers;
  private final GenerationJson generationJson;
  private final Duration heartbeat;

  /**
   * Wires the route.
   *
   * @param heartbeat the longest silence
   */
  EventRoutes(WatchGeneration watchGeneration, Callers callers, Links links, Duration heartbeat) {
    this.watchGeneration = watchGeneration;
    this.callers = callers;
    this.generationJson = new GenerationJson(links);
    this.heartbeat = heartbeat;
  }

  @Override
  public void addTo(RoutesConfig routes) {
    Routes.read(routes, "/api/predictions/{id}/events", this::events);
  }

  private void events(Context ctx) {
    GenerationId id = GenerationId.parse(ctx.pathParam("id")).orElseThrow(EventRoutes::notFound);
    switch (watchGeneration.watch(new WatchGeneration.Query(callers.viewer(ctx), id))) {
      case NotFound _ -> throw notFound();
      case Watching(Watch watch) -> {
        try (watch) {
          answer(ctx, watch);
        }
      }
    }
  }

  private static ProblemException notFound() {
    return new ProblemException(Problem.of(ProblemCode.NOT_FOUND));
  }

  private void answer(Context ctx, Watch watch) {
    ctx.header("Cache-Control", "no-store");
    Generation generation = watch.generation();
    String seen = Optional.ofNullable(ctx.header("Last-Event-ID")).orElse("");
    String now = EntityTag.of(generationJson.of(generation)).opaque();
    if (!generation.isActive() && seen.equals(now)) {
      ctx.status(204);
      return;
    }
    ctx.contentType("text/event-stream").header("X-Accel-Buffering", "no");
    if (HandlerType.HEAD.equals(ctx.method())) {
      return;
    }
    try (var _ = Departure.await(ctx, watch::close)) {
      send(watch, seen, ctx.res().getOutputStream());
    } catch (IOException e) {
      log.debug("the client of generation {} has gone", generation.id(), e);
    }
  }

  private void send(Watch watch, String seen, OutputStream out) throws IOException {
    write(COME_BACK, out);
    String last = seen;
    Sight sight = new Sight.Moved(watch.generation());
    while (true) {
      switch (sight) {
        case Sight.Moved(Generation generation) -> {
          ObjectNode json = generationJson.of(generation);
          String id = EntityTag.of(json).opaque();
          write(id.equals(last) ? HEARTBEAT : event(id, json), out);
          last = id;
          if (!generation.isActive()) {
            return;
          }
        }
        case Sight.Unchanged _ -> write(HEARTBEAT, out);
        case Sight.Over _ -> {
          return;
        }
      }
      sight = watch.next(heartbeat);
    }
  }

  /** JSON has no line breaks here, so it is one line of data. */
  private static String event(String id, ObjectNode json) {
    return "event: generation\nid: " + id + "\ndata: " + json + "\n\n";
  }

  private static void write(String text, OutputStream out) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
