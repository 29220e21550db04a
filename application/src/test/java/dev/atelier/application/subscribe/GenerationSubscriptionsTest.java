package dev.atelier.application.subscribe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.application.port.ChangeNotifications;
import dev.atelier.application.port.InMemoryGenerations;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.application.port.UnreadableGenerationException;
import dev.atelier.application.query.AccessScope;
import dev.atelier.application.subscribe.SubscribeToGeneration.Query;
import dev.atelier.application.subscribe.SubscribeToGeneration.Result.NotFound;
import dev.atelier.application.subscribe.SubscribeToGeneration.Result.Subscribed;
import dev.atelier.application.subscribe.SubscribeToGeneration.Subscription;
import dev.atelier.application.subscribe.SubscribeToGeneration.Update;
import dev.atelier.application.subscribe.SubscribeToGeneration.Update.Changed;
import dev.atelier.application.subscribe.SubscribeToGeneration.Update.Closed;
import dev.atelier.application.subscribe.SubscribeToGeneration.Update.TimedOut;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Generations;
import dev.atelier.domain.Observation;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GenerationSubscriptionsTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(1);
  private static final Duration NEVER = Duration.ofDays(1);
  private static final AccessScope EVERYONE = new AccessScope.All();

  private final InMemoryGenerations generations = new InMemoryGenerations();
  private final GenerationSubscriptions generationSubscriptions =
      new GenerationSubscriptions(generations, NEVER);
  private final SubscribeToGeneration subscribeToGeneration =
      new SubscribeToGenerationService(generations, generationSubscriptions);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Generation submitted = Generations.submitting();

  @BeforeEach
  void start() {
    insert(submitted);
    generationSubscriptions.start();
  }

  @AfterEach
  void close() {
    generationSubscriptions.close();
    threads.close();
  }

  @Test
  void startsWithTheCurrentState() {
    try (Subscription subscription = subscription()) {
      assertThat(subscription.generation()).isEqualTo(submitted);
      assertThat(subscription.next(SHORT)).isEqualTo(new TimedOut());
    }
  }

  @Test
  void notifiesAllSubscribers() {
    try (Subscription one = subscription();
        Subscription another = subscription()) {
      Generation queued = save(submitted, queued());

      assertThat(one.next(LONG)).isEqualTo(new Changed(queued));
      assertThat(another.next(LONG)).isEqualTo(new Changed(queued));
      assertThat(one.generation()).isEqualTo(queued);
      assertThat(one.next(SHORT)).isEqualTo(new TimedOut());
    }
  }

  @Test
  void mergesChangesThatWereNotRead() throws Exception {
    try (Subscription subscription = subscription();
        Subscription other = subscription()) {
      Generation queued = save(submitted, queued());
      Generation processing = save(queued, new Prediction.Processing(Generations.PREDICTION));
      awaitState(other, processing);

      assertThat(subscription.next(LONG)).isEqualTo(new Changed(processing));
      assertThat(subscription.next(SHORT)).isEqualTo(new TimedOut());
    }
  }

  @Test
  void doesNotNotifyAboutOtherGenerations() {
    Generation other = Generations.submitting();
    insert(other);
    try (Subscription subscription = subscription()) {
      save(other, queued());

      assertThat(subscription.next(Duration.ofMillis(50))).isEqualTo(new TimedOut());
    }
  }

  @Test
  void doesNotQueryGenerationsWithoutSubscribers() {
    subscription().close();
    int asked = generations.queries();

    save(submitted, queued());

    assertThat(generations.queries()).isEqualTo(asked);
  }

  @Test
  void oneChangeNeedsOneQueryForAnyNumberOfSubscribers() throws Exception {
    List<Future<Optional<Generation>>> ends = new ArrayList<>();
    List<Subscription> many = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      Subscription subscription = subscription();
      many.add(subscription);
      ends.add(threads.submit(() -> subscription.awaitEnd(LONG)));
    }
    int asked = generations.queries();

    Generation canceled = save(submitted, new Prediction.Canceled(Generations.PREDICTION));

    for (Future<Optional<Generation>> end : ends) {
      assertThat(end.get()).contains(canceled);
    }
    assertThat(generations.queries()).isEqualTo(asked + 1);
    assertThat(generationSubscriptions.size()).isEqualTo(2000);
    many.forEach(Subscription::close);
    assertThat(generationSubscriptions.size()).isZero();
  }

  @Test
  void waitsForTheEndAcrossOtherChanges() throws Exception {
    try (Subscription subscription = subscription();
        Subscription other = subscription()) {
      Future<Optional<Generation>> end = threads.submit(() -> subscription.awaitEnd(LONG));
      Generation queued = save(submitted, queued());
      awaitState(other, queued);

      assertThat(end.isDone()).isFalse();

      Generation canceled = save(queued, new Prediction.Canceled(Generations.PREDICTION));
      assertThat(end.get()).contains(canceled);
    }
  }

  @Test
  void returnsAnEndedGenerationAtOnce() {
    Generation canceled = save(submitted, new Prediction.Canceled(Generations.PREDICTION));
    try (Subscription subscription = subscription()) {
      assertThat(subscription.awaitEnd(NEVER)).contains(canceled);
    }
  }

  @Test
  void returnsTheCurrentStateAfterTheTimeout() {
    try (Subscription subscription = subscription()) {
      assertThat(subscription.awaitEnd(SHORT)).contains(submitted);
    }
  }

  @Test
  void pollingFindsAChangeWithoutNotification() {
    try (var withoutNotifications = new GenerationSubscriptions(withoutNotifications(), SHORT)) {
      withoutNotifications.start();
      try (Subscription subscription =
          subscription(new SubscribeToGenerationService(generations, withoutNotifications))) {
        Generation queued = save(submitted, queued());

        assertThat(subscription.next(LONG)).isEqualTo(new Changed(queued));
      }
    }
  }

  @Test
  void findsAChangeWithoutNotificationAfterTheTimeout() {
    try (var withoutNotifications = new GenerationSubscriptions(withoutNotifications(), NEVER)) {
      withoutNotifications.start();
      try (Subscription subscription =
          subscription(new SubscribeToGenerationService(generations, withoutNotifications))) {
        Generation queued = save(submitted, queued());

        assertThat(subscription.awaitEnd(SHORT)).contains(queued);
      }
    }
  }

  @Test
  void findsChangesAfterADatabaseOutage() {
    try (var polling = new GenerationSubscriptions(generations, SHORT)) {
      polling.start();
      try (Subscription subscription =
          subscription(new SubscribeToGenerationService(generations, polling))) {
        generations.breakDown(true);
        assertThat(subscription.next(Duration.ofMillis(20))).isEqualTo(new TimedOut());

        generations.breakDown(false);
        Generation queued = save(submitted, queued());

        assertThat(subscription.next(LONG)).isEqualTo(new Changed(queued));
      }
    }
  }

  @Test
  void aNewSubscriptionBringsTheCurrentStateToEarlierOnes() {
    try (var withoutNotifications = new GenerationSubscriptions(withoutNotifications(), NEVER)) {
      var service = new SubscribeToGenerationService(generations, withoutNotifications);
      try (Subscription earlier = subscription(service)) {
        Generation queued = save(submitted, queued());

        try (Subscription later = subscription(service)) {
          assertThat(later.generation()).isEqualTo(queued);
          assertThat(earlier.next(LONG)).isEqualTo(new Changed(queued));
        }
      }
    }
  }

  @Test
  void closingASubscriptionWakesItsReader() throws Exception {
    Subscription subscription = subscription();
    Future<Update> sight = threads.submit(() -> subscription.next(NEVER));

    subscription.close();

    assertThat(sight.get(30, TimeUnit.SECONDS)).isEqualTo(new Closed());
    assertThat(subscription.next(LONG)).isEqualTo(new Closed());
  }

  @Test
  void aDeletionEndsItsSubscriptions() {
    try (Subscription subscription = subscription();
        Subscription other = subscription()) {
      generations.vanish(submitted.id());

      assertThat(subscription.next(LONG)).isEqualTo(new Closed());
      assertThat(other.awaitEnd(LONG)).isEmpty();
    }
  }

  @Test
  void closesAllSubscriptionsOnShutdown() throws Exception {
    try (Subscription subscription = subscription()) {
      Future<Optional<Generation>> end = threads.submit(() -> subscription.awaitEnd(NEVER));

      generationSubscriptions.close();

      assertThat(end.get(30, TimeUnit.SECONDS)).contains(submitted);
      try (Subscription late = subscription()) {
        assertThat(late.generation()).isEqualTo(submitted);
        assertThat(late.next(LONG)).isEqualTo(new Closed());
      }
    }
  }

  @Test
  void anUnknownOrInaccessibleGenerationIsNotFound() {
    assertThat(
            subscribeToGeneration.subscribe(
                new Query(new AccessScope.Owner(new UserId("eve")), submitted.id())))
        .isEqualTo(new NotFound());
    assertThat(subscribeToGeneration.subscribe(new Query(EVERYONE, Generations.submitting().id())))
        .isEqualTo(new NotFound());
  }

  @Test
  void anUnreadableGenerationEndsItsSubscriptionsAndNoOthers() {
    Generation other = Generations.begun(submitted.owner());
    insert(other);
    try (Subscription subscription = subscription();
        Subscription otherWatch =
            ((Subscribed) subscribeToGeneration.subscribe(new Query(EVERYONE, other.id())))
                .subscription()) {
      generations.makeUnreadable(submitted.id());
      save(submitted, queued());
      Generation moved = save(other, new Prediction.Queued(new PredictionId("pred_other")));

      assertThat(subscription.next(LONG)).isEqualTo(new Closed());
      assertThat(subscription.awaitEnd(LONG)).contains(submitted);
      assertThat(otherWatch.next(LONG)).isEqualTo(new Changed(moved));
    }
    assertThatThrownBy(this::subscription).isInstanceOf(UnreadableGenerationException.class);
  }

  @Test
  void doesNotSubscribeWithoutADatabase() {
    generations.breakDown(true);

    assertThatThrownBy(() -> subscribeToGeneration.subscribe(new Query(EVERYONE, submitted.id())))
        .isInstanceOf(UnavailableException.class);
  }

  /** Changes without notifications. */
  private ChangeNotifications withoutNotifications() {
    return new ChangeNotifications() {
      @Override
      public void listen(Listener listener) {}

      @Override
      public List<Change> changedSince(Map<GenerationId, Integer> seen) {
        return generations.changedSince(seen);
      }
    };
  }

  private Subscription subscription() {
    return subscription(subscribeToGeneration);
  }

  private Subscription subscription(SubscribeToGeneration service) {
    return ((Subscribed) service.subscribe(new Query(EVERYONE, submitted.id()))).subscription();
  }

  private static void awaitState(Subscription subscription, Generation expected) {
    while (!subscription.generation().equals(expected)) {
      assertThat(subscription.next(LONG)).isInstanceOf(Changed.class);
    }
  }

  private void insert(Generation generation) {
    assertThat(generations.insert(generation, Optional.empty(), 10))
        .isEqualTo(new dev.atelier.application.port.Generations.Insertion.Inserted());
  }

  private Generation save(Generation generation, Observation observation) {
    Generation next = generation.observe(observation, Generations.CREATED).generation();
    assertThat(generations.save(next))
        .isEqualTo(dev.atelier.application.port.Generations.Saving.SAVED);
    return next;
  }

  private static Prediction queued() {
    return new Prediction.Queued(Generations.PREDICTION);
  }
}
