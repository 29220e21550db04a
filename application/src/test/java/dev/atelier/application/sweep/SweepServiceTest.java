package dev.atelier.application.sweep;

import static dev.atelier.application.InMemoryAtelier.prediction;
import static dev.atelier.application.InMemoryAtelier.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.InMemoryAtelier;
import dev.atelier.application.Pictures;
import dev.atelier.application.cancel.CancelGeneration;
import dev.atelier.application.port.ByteRange;
import dev.atelier.application.port.Generations.Insertion;
import dev.atelier.application.port.Generations.Saving;
import dev.atelier.application.port.Outputs;
import dev.atelier.application.port.Predictions.Cancellation;
import dev.atelier.application.port.Predictions.LookupResult;
import dev.atelier.application.port.Predictions.Submission;
import dev.atelier.application.query.AccessScope;
import dev.atelier.application.query.GetOutput;
import dev.atelier.domain.Failure;
import dev.atelier.domain.Generation;
import dev.atelier.domain.Generations;
import dev.atelier.domain.Output;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.State;
import dev.atelier.domain.UserId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class SweepServiceTest {
  private static final UserId OWNER = new UserId("ada");

  @AutoClose private final InMemoryAtelier atelier = new InMemoryAtelier();

  @Test
  void findsAndStoresAPredictionWhoseWebhookIsLost() {
    Generation generation = atelier.generate(OWNER);
    finish(generation);

    atelier.sweepAfter(Duration.ofSeconds(9));
    assertThat(atelier.current(generation).state()).isInstanceOf(State.Queued.class);

    atelier.sweepAfter(Duration.ofSeconds(1));
    storeOutputs();
    atelier.assertSucceeded(generation);
  }

  @Test
  void anUnreadableGenerationDoesNotBlockOthers() {
    Generation unreadable = atelier.generate(OWNER);
    Generation generation = atelier.generate(OWNER);
    Generation another = atelier.generate(OWNER);
    finish(unreadable);
    finish(generation);
    finish(another);
    atelier.generations.makeUnreadable(unreadable.id());

    Sweep.Result result = atelier.sweepAfter(Duration.ofSeconds(10));

    assertThat(result.toObserve()).isEqualTo(2);
    storeOutputs();
    atelier.assertSucceeded(generation);
    atelier.assertSucceeded(another);

    atelier.generations.makeReadable(unreadable.id());
    assertThat(atelier.sweepAfter(Duration.ofSeconds(20)).changed()).isEqualTo(1);
    storeOutputs();
    atelier.assertSucceeded(unreadable);
  }

  @Test
  void anUnreadableGenerationInTheListDoesNotEndTheRound() {
    Generation unreadable = atelier.generate(OWNER);
    finish(unreadable);
    var running = new ArrayList<Generation>();
    for (int i = 0; i < 5; i++) {
      running.add(atelier.generate(OWNER));
    }
    running.forEach(this::finish);
    atelier.generations.makeUnreadable(unreadable.id());

    assertThat(atelier.sweepAfter(Duration.ofSeconds(10)).changed()).isEqualTo(5);
  }

  @Test
  void pollsARunningPredictionAtLeastOnceAMinute() {
    Generation generation = atelier.generate(OWNER);
    atelier.sweepEvery(Duration.ofSeconds(10), 30);
    finish(generation);

    atelier.sweepEvery(Duration.ofSeconds(10), 6);

    storeOutputs();
    atelier.assertSucceeded(generation);
  }

  @Test
  void readsTheListInsteadOfManyLookups() {
    var running = new ArrayList<Generation>();
    for (int i = 0; i < 10; i++) {
      running.add(atelier.generate(OWNER));
    }
    running.forEach(this::finish);

    Sweep.Result result = atelier.sweepAfter(Duration.ofSeconds(10));

    assertThat(result.changed()).isEqualTo(10);
    assertThat(atelier.skytells.calls()).isEqualTo(1);
    storeOutputs();
    assertThat(running).allSatisfy(atelier::assertSucceeded);
  }

  @Test
  void readsFurtherPagesForMissingPredictions() {
    var running = new ArrayList<Generation>();
    for (int i = 0; i < 70; i++) {
      running.add(atelier.generate(new UserId("user-" + i)));
    }
    for (Generation ended : running.subList(0, 25)) {
      atelier.webhook(ended, new Prediction.Canceled(prediction(ended)));
    }
    running.subList(25, 70).forEach(this::finish);

    Sweep.Result result = atelier.sweepAfter(Duration.ofSeconds(10));

    assertThat(result.changed()).isEqualTo(45);
    assertThat(atelier.skytells.calls()).isEqualTo(2);
  }

  @Test
  void findsPredictionsOfALargeAccount() {
    for (int i = 0; i < 400; i++) {
      Generation ended = atelier.generate(new UserId("user-" + i));
      atelier.webhook(ended, new Prediction.Canceled(prediction(ended)));
    }
    var lost = new ArrayList<Generation>();
    for (int i = 0; i < 10; i++) {
      Generation generation = atelier.generate(new UserId("user-" + i));
      finish(generation);
      lost.add(generation);
    }

    atelier.sweepEvery(Duration.ofSeconds(5), 12);

    storeOutputs();
    assertThat(lost).allSatisfy(atelier::assertSucceeded);
    assertThat(atelier.skytells.calls()).isLessThanOrEqualTo(24);
  }

  @Test
  void readsTheFirstPageWhileASubmissionIsMissing() {
    atelier.skytells.listNewestFirst();
    for (int i = 0; i < 2000; i++) {
      Generation ended = atelier.generate(new UserId("user-" + i));
      atelier.webhook(ended, new Prediction.Canceled(prediction(ended)));
    }
    Generation missing =
        Generations.create(
            Generations.submitting().id(), OWNER, Generations.request(), atelier.clock.instant());
    assertThat(atelier.generations.insert(missing, Optional.empty(), 10))
        .isEqualTo(new Insertion.Inserted());
    atelier.clock.advance(Duration.ofSeconds(5));
    var lost = new ArrayList<Generation>();
    for (int i = 0; i < 40; i++) {
      Generation generation = atelier.generate(new UserId("user-" + i));
      finish(generation);
      lost.add(generation);
    }

    atelier.sweepEvery(Duration.ofSeconds(1), 60);

    assertThat(atelier.current(missing).isActive()).isTrue();
    assertThat(lost).allSatisfy(atelier::assertSucceeded);
  }

  @Test
  void settlesAnEndInTheListThatIsNotDue() {
    for (int i = 0; i < 3; i++) {
      atelier.generate(new UserId("ada"));
    }
    atelier.clock.advance(Duration.ofSeconds(9));
    Generation notDue = atelier.generate(new UserId("bob"));
    finish(notDue);

    Sweep.Result result = atelier.sweepAfter(Duration.ofSeconds(1));

    assertThat(result).isEqualTo(new Sweep.Result(0, 3, 0, 1));
    storeOutputs();
    atelier.assertSucceeded(notDue);
  }

  @Test
  void onlyOneInstancePollsAtATime() {
    finish(atelier.generate(new UserId("ada")));
    atelier.sweepAfter(Duration.ofSeconds(10));
    finish(atelier.generate(new UserId("bob")));
    atelier.clock.advance(Duration.ofSeconds(10));
    var idle = new Sweep.Result(0, 0, 0, 0);

    Sweep.Result first = atelier.sweep.sweep(new Sweep.Command(Duration.ZERO));
    Sweep.Result second = atelier.anotherSweep().sweep(new Sweep.Command(Duration.ZERO));

    assertThat(first.toObserve()).isEqualTo(1);
    assertThat(second).isEqualTo(idle);
  }

  @Test
  void cancelsManyOverduePredictionsOverSeveralRounds() {
    var overdue = new ArrayList<Generation>();
    for (int i = 0; i < 30; i++) {
      overdue.add(atelier.generate(new UserId("user-" + i)));
    }

    atelier.sweepAfter(Duration.ofMinutes(15));
    assertThat(atelier.skytells.calls()).isLessThanOrEqualTo(8);

    atelier.sweepEvery(Duration.ofSeconds(20), 40);
    assertThat(overdue)
        .allSatisfy(
            generation ->
                assertThat(atelier.failureCode(generation)).isEqualTo(Failure.Code.TIMED_OUT))
        .allSatisfy(
            generation ->
                assertThat(atelier.skytells.find(prediction(generation)))
                    .isEqualTo(
                        new LookupResult.Found(new Prediction.Canceled(prediction(generation)))));
  }

  @Test
  void storesAPredictionThatTheCancelResponseShowsAsSucceeded() {
    Generation generation = atelier.generate(OWNER);
    Output output = atelier.skytells.addOutput(Pictures.PNG);
    var finished = succeeded(generation, output);
    atelier.skytells.respondToNextCancel(new Cancellation.Accepted(Optional.of(finished)));

    atelier.sweepAfter(Duration.ofMinutes(15));

    storeOutputs();
    atelier.assertSucceeded(generation);
  }

  @Test
  void storingDoesNotWaitForASlowLookup() throws Exception {
    Generation slow = atelier.generate(new UserId("ada"));
    var lookupStarted = new CountDownLatch(1);
    var response = new CountDownLatch(1);
    atelier.skytells.beforeNextFind(
        () -> {
          lookupStarted.countDown();
          awaitUninterruptibly(response);
        });
    atelier.clock.advance(Duration.ofSeconds(10));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Sweep.Result> slowSweep =
          threads.submit(() -> atelier.sweep.sweep(new Sweep.Command(Duration.ZERO)));
      lookupStarted.await();
      Generation storing = storing(atelier.skytells.addOutput(Pictures.PNG));

      Sweep.Result meanwhile = atelier.sweepAfter(Duration.ofSeconds(15));

      assertThat(meanwhile.toStore()).isEqualTo(1);
      assertThat(meanwhile.toObserve()).isZero();
      atelier.assertSucceeded(storing);
      response.countDown();
      assertThat(slowSweep.get().toObserve()).isEqualTo(1);
    }
    assertThat(atelier.current(slow).isActive()).isTrue();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void storesAPredictionThatSucceedsDuringTheCancel() {
    Generation generation = atelier.generate(OWNER);
    atelier.skytells.beforeNextCancel(() -> finish(generation));

    atelier.sweepAfter(Duration.ofMinutes(15));

    storeOutputs();
    atelier.assertSucceeded(generation);
  }

  @Test
  void makesNoMoreThanTwentyFiveCallsAMinute() {
    for (int second = 0; second < 60; second++) {
      atelier.generate(new UserId("user-" + second));
      atelier.sweepAfter(Duration.ofSeconds(1));
    }
    int earlier = atelier.skytells.calls();

    atelier.sweepEvery(Duration.ofSeconds(1), 60);

    assertThat(atelier.skytells.calls() - earlier).isBetween(10, 25);
  }

  @Test
  void pausesDuringAnOutageWithoutMovingDeadlines() {
    Generation generation = atelier.generate(OWNER);
    atelier.skytells.breakDown(true);
    atelier.sweepAfter(Duration.ofSeconds(10));
    int calls = atelier.skytells.calls();

    atelier.sweepAfter(Duration.ofSeconds(9));
    assertThat(atelier.skytells.calls()).isEqualTo(calls);

    atelier.sweepAfter(Duration.ofMinutes(15));
    assertThat(atelier.failureCode(generation)).isEqualTo(Failure.Code.TIMED_OUT);
  }

  @Test
  void failingCancelsDoNotDelayLostWebhooks() {
    for (int i = 0; i < 3; i++) {
      Generation canceled = atelier.generate(new UserId("canceling-" + i));
      atelier.skytells.failFor(prediction(canceled));
      atelier.cancelGeneration.cancel(
          new CancelGeneration.Command(new AccessScope.All(), canceled.id()));
    }
    var lost = new ArrayList<Generation>();
    for (int i = 0; i < 12; i++) {
      Generation generation = atelier.generate(new UserId("lost-" + i));
      finish(generation);
      lost.add(generation);
    }

    atelier.sweepEvery(Duration.ofSeconds(1), 12);

    assertThat(lost)
        .allSatisfy(
            generation ->
                assertThat(atelier.current(generation).state())
                    .isInstanceOfAny(State.Storing.class, State.Succeeded.class));
    storeOutputs();
    assertThat(lost).allSatisfy(atelier::assertSucceeded);
  }

  @Test
  void findsAPredictionInTheListIfItsLookupFails() {
    Generation generation = atelier.generate(OWNER);
    finish(generation);
    atelier.skytells.failFor(prediction(generation));

    atelier.sweepEvery(Duration.ofSeconds(1), 35);

    storeOutputs();
    atelier.assertSucceeded(generation);
  }

  @Test
  void backsOffFromAFailingPredictionWithoutDelayingOthers() {
    Generation failing = atelier.generate(new UserId("ada"));
    atelier.skytells.failFor(prediction(failing));
    atelier.sweepEvery(Duration.ofSeconds(1), 180);
    assertThat(atelier.skytells.calls()).isBetween(4, 6);

    Generation other = atelier.generate(new UserId("bob"));
    finish(other);
    atelier.sweepEvery(Duration.ofSeconds(1), 12);
    storeOutputs();
    atelier.assertSucceeded(other);
  }

  @Test
  void findsAnUnconfirmedSubmissionInTheListByItsWebhookUrl() {
    atelier.skytells.sellNext(_ -> new Submission.Unconfirmed("read timed out"));
    Generation generation = atelier.generate(OWNER);
    assertThat(generation.state()).isInstanceOf(State.Submitting.class);

    atelier.sweepAfter(Duration.ofSeconds(2));

    PredictionId sold =
        Optional.ofNullable(atelier.skytells.sold().get(generation.id())).orElseThrow();
    assertThat(atelier.current(generation).state()).isEqualTo(new State.Queued(sold));
  }

  @Test
  void failsAnUnconfirmedSubmissionAfterItsTimeout() {
    Generation submitted =
        Generations.create(
            Generations.submitting().id(), OWNER, Generations.request(), atelier.clock.instant());
    assertThat(atelier.generations.insert(submitted, Optional.empty(), 10))
        .isEqualTo(new Insertion.Inserted());

    atelier.sweepAfter(Duration.ofMinutes(9));
    assertThat(atelier.current(submitted).isActive()).isTrue();

    atelier.sweepAfter(Duration.ofMinutes(1));
    assertThat(atelier.failureCode(submitted)).isEqualTo(Failure.Code.SUBMISSION_UNCONFIRMED);
  }

  @Test
  void cancelsAnOverduePredictionAndTimesOut() {
    Generation generation = atelier.generate(OWNER);

    atelier.sweepAfter(Duration.ofMinutes(15));

    assertThat(atelier.failureCode(generation)).isEqualTo(Failure.Code.TIMED_OUT);
    assertThat(atelier.skytells.find(prediction(generation)))
        .isEqualTo(new LookupResult.Found(new Prediction.Canceled(prediction(generation))));
  }

  @Test
  void storesAnOverduePredictionThatHasEnded() {
    Generation generation = atelier.generate(OWNER);
    finish(generation);

    atelier.sweepAfter(Duration.ofHours(1));

    storeOutputs();
    atelier.assertSucceeded(generation);
  }

  @Test
  void storesOutputsThatAnotherInstanceLeftBehind() {
    Generation storing = storing(atelier.skytells.addOutput(Pictures.PNG));

    Sweep.Result result = atelier.sweepAfter(Duration.ofSeconds(15));

    assertThat(result.toStore()).isEqualTo(1);
    atelier.assertSucceeded(storing);
  }

  @Test
  void retriesOutputsUntilTheStoreIsBack() {
    Generation storing = storing(atelier.skytells.addOutput(Pictures.PNG));
    atelier.blobs.breakDown(true);
    atelier.spool.breakDown(true);
    atelier.sweepEvery(Duration.ofSeconds(2), 60);
    assertThat(atelier.current(storing).state()).isInstanceOf(State.Storing.class);

    atelier.blobs.breakDown(false);
    atelier.sweepEvery(Duration.ofSeconds(2), 8);

    atelier.assertSucceeded(storing);
  }

  @Test
  void servesSpooledOutputsAndMovesThemWhenTheStoreIsBack() throws Exception {
    Generation storing = storing(atelier.skytells.addOutput(Pictures.PNG));
    atelier.blobs.breakDown(true);

    atelier.sweepAfter(Duration.ofSeconds(15));
    atelier.assertSucceeded(storing);
    assertThat(output(storing)).isEqualTo(Pictures.PNG);

    atelier.sweepAfter(Duration.ofSeconds(2));
    assertThat(atelier.spool.size()).isEqualTo(1);

    atelier.blobs.breakDown(false);
    atelier.sweepAfter(Duration.ofSeconds(2));
    assertThat(atelier.spool.size()).isZero();
    assertThat(output(storing)).isEqualTo(Pictures.PNG);
  }

  private byte[] output(Generation generation) throws IOException {
    var query = new GetOutput.Query(new AccessScope.All(), generation.id(), 0);
    var found = (GetOutput.Result.Found) atelier.getOutput.get(query);
    try (var bytes = found.content().open(ByteRange.all()).orElseThrow()) {
      return bytes.readAllBytes();
    }
  }

  @Test
  void anUnreachableOutputIsLostAfterItsExpiry() {
    Generation storing =
        storing(atelier.skytells.addOutput(() -> new Outputs.Fetch.Unavailable("503")));

    atelier.sweepAfter(Duration.ofMinutes(5));
    assertThat(atelier.current(storing).isActive()).isTrue();

    atelier.sweepAfter(Duration.ofMinutes(1));
    assertThat(atelier.failureCode(storing)).isEqualTo(Failure.Code.OUTPUT_EXPIRED);
  }

  @Test
  void makesNoCallIfNothingIsDue() {
    assertThat(atelier.sweepAfter(Duration.ofHours(1))).isEqualTo(new Sweep.Result(0, 0, 0, 0));
    assertThat(atelier.skytells.calls()).isZero();
  }

  private Generation storing(Output output) {
    Generation generation = atelier.generate(OWNER);
    Generation storing =
        generation.observe(succeeded(generation, output), atelier.clock.instant()).generation();
    assertThat(atelier.generations.save(storing)).isEqualTo(Saving.SAVED);
    return storing;
  }

  private void finish(Generation generation) {
    Output output = atelier.skytells.addOutput(Pictures.PNG);
    atelier.skytells.set(succeeded(generation, output));
  }

  /** Sweeps again, which stores the outputs of generations that the last sweep settled. */
  private void storeOutputs() {
    atelier.sweepAfter(Duration.ofSeconds(15));
  }
}
