package dev.atelier.application.subscribe;

import dev.atelier.domain.Generation;
import java.util.Collection;
import java.util.HashSet;
import org.jspecify.annotations.Nullable;

/** All subscriptions to one generation, with the latest published state. */
final class GenerationTopic {
  private final Collection<TopicSubscription> subscriptions = new HashSet<>();
  private @Nullable Generation latest;

  synchronized void add(TopicSubscription subscription) {
    subscriptions.add(subscription);
    if (latest != null) {
      subscription.offer(latest);
    }
  }

  /** Returns whether none is left. */
  synchronized boolean remove(TopicSubscription subscription) {
    subscriptions.remove(subscription);
    return subscriptions.isEmpty();
  }

  synchronized int size() {
    return subscriptions.size();
  }

  /** −1 if none was published. */
  synchronized int revision() {
    return latest == null ? -1 : latest.revision();
  }

  /** Ignores states older than the latest. */
  synchronized void publish(Generation generation) {
    if (generation.revision() > revision()) {
      latest = generation;
      subscriptions.forEach(subscription -> subscription.offer(generation));
    }
  }

  synchronized void generationDeleted() {
    subscriptions.forEach(TopicSubscription::generationDeleted);
  }

  synchronized void closeAll() {
    subscriptions.forEach(TopicSubscription::finish);
  }
}
