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

/** Waits until a generation ends, the time limit is reached, or the client disconnects. */
final class Waiting {
  private final WatchGeneration watchGeneration;

  Waiting(WatchGeneration watchGeneration) {
    this.watchGeneration = watchGeneration;
  }

  /** Empty when the generation is unknown or out of scope. */
  Optional<Generation> untilEnd(Context ctx, Query query, Duration atMost) {
    return switch (watchGeneration.watch(query)) {
      case NotFound _ -> Optional.empty();
      case Watching(Watch subscription) -> {
        try (subscription;
            var _ = Departure.await(ctx, subscription::close)) {
          yield subscription.end(atMost);
        }
      }
    };
  }
}
