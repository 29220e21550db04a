package dev.atelier.http.route;

import dev.atelier.application.subscribe.SubscribeToGeneration;
import dev.atelier.application.subscribe.SubscribeToGeneration.Query;
import dev.atelier.application.subscribe.SubscribeToGeneration.Result.NotFound;
import dev.atelier.application.subscribe.SubscribeToGeneration.Result.Subscribed;
import dev.atelier.application.subscribe.SubscribeToGeneration.Subscription;
import dev.atelier.domain.Generation;
import dev.atelier.http.request.ClientDisconnectMonitor;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Optional;

/** Waits until a generation ends, the time limit is reached, or the client disconnects. */
public final class LongPoll {
  private final SubscribeToGeneration subscribeToGeneration;

  public LongPoll(SubscribeToGeneration subscribeToGeneration) {
    this.subscribeToGeneration = subscribeToGeneration;
  }

  /** Empty if the generation is unknown, out of scope, or deleted. */
  Optional<Generation> awaitEnd(Context ctx, Query query, Duration atMost) {
    return switch (subscribeToGeneration.subscribe(query)) {
      case NotFound _ -> Optional.empty();
      case Subscribed(Subscription subscription) -> {
        try (subscription;
            var _ = ClientDisconnectMonitor.await(ctx, subscription::close)) {
          yield subscription.awaitEnd(atMost);
        }
      }
    };
  }
}
