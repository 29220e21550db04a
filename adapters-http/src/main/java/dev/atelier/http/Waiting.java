package dev.atelier.http;

import dev.atelier.application.WatchGeneration;
import dev.atelier.application.WatchGeneration.Query;
import dev.atelier.application.WatchGeneration.Result.NotFound;
import dev.atelier.application.WatchGeneration.Result.Watching;
import dev.atelier.application.WatchGeneration.Watch;
import dev.atelier.domain.Generation;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Optional;

/** Waits for the end of a generation, for as long as the client does. */
final class Waiting {
  private final WatchGeneration watchGeneration;

  Waiting(WatchGeneration watchGeneration) {
    this.watchGeneration = watchGeneration;
  }

  /** The generation when it has ended or the time has run out; empty when there is none. */
  Optional<Generation> untilEnd(Context ctx, Query query, Duration atMost) {
    return switch (watchGeneration.watch(query)) {
      case NotFound _ -> Optional.empty();
      case Watching(Watch watch) -> {
        try (watch;
            var _ = Departure.await(ctx, watch::close)) {
          yield watch.end(atMost);
        }
      }
    };
  }
}
