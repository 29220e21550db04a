package dev.atelier.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.application.WatchGeneration.Query;
import dev.atelier.application.WatchGeneration.Result.NotFound;
import dev.atelier.application.WatchGeneration.Result.Watching;
import dev.atelier.application.WatchGeneration.Sight;
import dev.atelier.application.WatchGeneration.Sight.Moved;
import dev.atelier.application.WatchGeneration.Sight.Over;
import dev.atelier.application.WatchGeneration.Sight.Unchanged;
import dev.atelier.application.WatchGeneration.Watch;
import dev.atelier.application.port.Changes;
import dev.atelier.application.port.InMemoryGenerations;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.application.port.UnreadableGenerationException;
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

class WatchesTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(1);
  private static final Duration NEVER = Duration.ofDays(1);
  private static final Viewer EVERYONE = new Viewer.Everyone();

  private final InMemoryGenerations generations = new InMemoryGenerations();
  private final Watches watches = new Watches(generations, NEVER);
  private final WatchGeneration watchGeneration = new WatchGenerationService(generations, watches);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Generation begun = Generations.submitting();

  @BeforeEach
  void start() {
    insert(begun);
    watches.start();
  }

  @AfterEach
  void close() {
    watches.close();
    threads.close();
  }

  @Test
  void startsWithTheCurrentState() {
    try (Watch watch = watch()) {
      assertThat(watch.generation()).isEqualTo(begun);
      assertThat(watch.next(SHORT)).isEqualTo(new Unchanged());
    }
  }

  @Test
  void notifiesAllSubscribers() {
    try (Watch one = watch();
        Watch another = watch()) {
      Generation queued = save(begun, queued());

      assertThat(one.next(LONG)).isEqualTo(new Moved(queued));
      assertThat(another.next(LONG)).isEqualTo(new Moved(queued));
      assertThat(one.generation()).isEqualTo(queued);
      assertThat(one.next(SHORT)).isEqualTo(new Unchanged());
    }
  }

  @Test
  void mergesChangesThatWereNotRead() throws Exception {
    try (Watch watch = watch();
        Watch other = watch()) {
      Generation queued = save(begun, queued());
      Generation processing = save(queued, new Prediction.Processing(Generations.PREDICTION));
      awaitSight(other, processing);

      assertThat(watch.next(LONG)).isEqualTo(new Moved(processing));
      assertThat(watch.next(SHORT)).isEqualTo(new Unchanged());
    }
  }

  @Test
  void doesNotNotifyAboutOtherGenerations() {
    Generation other = Generations.submitting();
    insert(other);
    try (Watch watch = watch()) {
      save(other, queued());

      assertThat(watch.next(Duration.ofMillis(50))).isEqualTo(new Unchanged());
    }
  }

  @Test
  void doesNotQueryGenerationsWithoutSubscribers() {
    watch().close();
    int asked = generations.questions();

    save(begun, queued());

    assertThat(generations.questions()).isEqualTo(asked);
  }

  @Test
  void oneChangeNeedsOneQueryForAnyNumberOfSubscribers() throws Exception {
    List<Future<Optional<Generation>>> ends = new ArrayList<>();
    List<Watch> many = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      Watch watch = watch();
      many.add(watch);
      ends.add(threads.submit(() -> watch.end(LONG)));
    }
    int asked = generations.questions();

    Generation canceled = save(begun, new Prediction.Canceled(Generations.PREDICTION));

    for (Future<Optional<Generation>> end : ends) {
      assertThat(end.get()).contains(canceled);
    }
    assertThat(generations.questions()).isEqualTo(asked + 1);
    assertThat(watches.size()).isEqualTo(2000);
    many.forEach(Watch::close);
    assertThat(watches.size()).isZero();
  }

  @Test
  void waitsForTheEndAcrossOtherChanges() throws Exception {
    try (Watch watch = watch();
        Watch other = watch()) {
      Future<Optional<Generation>> end = threads.submit(() -> watch.end(LONG));
      Generation queued = save(begun, queued());
      awaitSight(other, queued);

      assertThat(end.isDone()).isFalse();

      Generation canceled = save(queued, new Prediction.Canceled(Generations.PREDICTION));
      assertThat(end.get()).contains(canceled);
    }
  }

  @Test
  void returnsAnEndedGenerationAtOnce() {
    Generation canceled = save(begun, new Prediction.Canceled(Generations.PREDICTION));
    try (Watch watch = watch()) {
      assertThat(watch.end(NEVER)).contains(canceled);
    }
  }

  @Test
  void returnsTheCurrentStateAfterTheTimeout() {
    try (Watch watch = watch()) {
      assertThat(watch.end(SHORT)).contains(begun);
    }
  }

  @Test
  void pollingFindsAChangeWithoutNotification() {
    try (var withoutNotifications = new Watches(withoutNotifications(), SHORT)) {
      withoutNotifications.start();
      try (Watch watch = watch(new WatchGenerationService(generations, withoutNotifications))) {
        Generation queued = save(begun, queued());

        assertThat(watch.next(LONG)).isEqualTo(new Moved(queued));
      }
    }
  }

  @Test
  void findsAChangeWithoutNotificationAfterTheTimeout() {
    try (var withoutNotifications = new Watches(withoutNotifications(), NEVER)) {
      withoutNotifications.start();
      try (Watch watch = watch(new WatchGenerationService(generations, withoutNotifications))) {
        Generation queued = save(begun, queued());

        assertThat(watch.end(SHORT)).contains(queued);
      }
    }
  }

  @Test
  void findsChangesAfterADatabaseOutage() {
    try (var polling = new Watches(generations, SHORT)) {
      polling.start();
      try (Watch watch = watch(new WatchGenerationService(generations, polling))) {
        generations.breakDown(true);
        assertThat(watch.next(Duration.ofMillis(20))).isEqualTo(new Unchanged());

        generations.breakDown(false);
        Generation queued = save(begun, queued());

        assertThat(watch.next(LONG)).isEqualTo(new Moved(queued));
      }
    }
  }

  @Test
  void aNewSubscriptionBringsTheCurrentStateToEarlierOnes() {
    try (var withoutNotifications = new Watches(withoutNotifications(), NEVER)) {
      var service = new WatchGenerationService(generations, withoutNotifications);
      try (Watch before = watch(service)) {
        Generation queued = save(begun, queued());

        try (Watch later = watch(service)) {
          assertThat(later.generation()).isEqualTo(queued);
          assertThat(before.next(LONG)).isEqualTo(new Moved(queued));
        }
      }
    }
  }

  @Test
  void closingASubscriptionWakesItsReader() throws Exception {
    Watch watch = watch();
    Future<Sight> sight = threads.submit(() -> watch.next(NEVER));

    watch.close();

    assertThat(sight.get(30, TimeUnit.SECONDS)).isEqualTo(new Over());
    assertThat(watch.next(LONG)).isEqualTo(new Over());
  }

  @Test
  void aDeletionEndsItsSubscriptions() {
    try (Watch watch = watch();
        Watch other = watch()) {
      generations.vanish(begun.id());

      assertThat(watch.next(LONG)).isEqualTo(new Over());
      assertThat(other.end(LONG)).isEmpty();
    }
  }

  @Test
  void closesAllSubscriptionsOnShutdown() throws Exception {
    try (Watch watch = watch()) {
      Future<Optional<Generation>> end = threads.submit(() -> watch.end(NEVER));

      watches.close();

      assertThat(end.get(30, TimeUnit.SECONDS)).contains(begun);
      try (Watch late = watch()) {
        assertThat(late.generation()).isEqualTo(begun);
        assertThat(late.next(LONG)).isEqualTo(new Over());
      }
    }
  }

  @Test
  void anUnknownOrInaccessibleGenerationIsNotFound() {
    assertThat(watchGeneration.watch(new Query(new Viewer.Owner(new UserId("eve")), begun.id())))
        .isEqualTo(new NotFound());
    assertThat(watchGeneration.watch(new Query(EVERYONE, Generations.submitting().id())))
        .isEqualTo(new NotFound());
  }

  @Test
  void anUnreadableGenerationEndsItsSubscriptionsAndNoOthers() {
    Generation other = Generations.begun(begun.owner());
    insert(other);
    try (Watch watch = watch();
        Watch otherWatch =
            ((Watching) watchGeneration.watch(new Query(EVERYONE, other.id()))).watch()) {
      generations.makeUnreadable(begun.id());
      save(begun, queued());
      Generation moved = save(other, new Prediction.Queued(new PredictionId("pred_other")));

      assertThat(watch.next(LONG)).isEqualTo(new Over());
      assertThat(watch.end(LONG)).contains(begun);
      assertThat(otherWatch.next(LONG)).isEqualTo(new Moved(moved));
    }
    assertThatThrownBy(this::watch).isInstanceOf(UnreadableGenerationException.class);
  }

  @Test
  void doesNotSubscribeWithoutADatabase() {
    generations.breakDown(true);

    assertThatThrownBy(() -> watchGeneration.watch(new Query(EVERYONE, begun.id())))
        .isInstanceOf(UnavailableException.class);
  }

  /** Changes without notifications. */
  private Changes withoutNotifications() {
    return new Changes() {
      @Override
      public void listen(Listener listener) {}

      @Override
      public List<Change> since(Map<GenerationId, Integer> seen) {
        return generations.since(seen);
      }
    };
  }

  private Watch watch() {
    return watch(watchGeneration);
  }

  private Watch watch(WatchGeneration service) {
    return ((Watching) service.watch(new Query(EVERYONE, begun.id()))).watch();
  }

  private static void awaitSight(Watch watch, Generation expected) {
    while (!watch.generation().equals(expected)) {
      assertThat(watch.next(LONG)).isInstanceOf(Moved.class);
    }
  }

  private void insert(Generation generation) {
    assertThat(generations.insert(generation, Optional.empty(), 10))
        .isEqualTo(new dev.atelier.application.port.Generations.Insertion.Inserted());
  }

  private Generation save(Generation before, Observation observation) {
    Generation next = before.observe(observation, Generations.CREATED).generation();
    assertThat(generations.save(next))
        .isEqualTo(dev.atelier.application.port.Generations.Saving.SAVED);
    return next;
  }

  private static Prediction queued() {
    return new Prediction.Queued(Generations.PREDICTION);
  }
}
