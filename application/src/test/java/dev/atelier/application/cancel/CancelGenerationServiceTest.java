package dev.atelier.application.cancel;

import static dev.atelier.application.InMemoryAtelier.prediction;
import static dev.atelier.application.InMemoryAtelier.succeeded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.application.InMemoryAtelier;
import dev.atelier.application.Pictures;
import dev.atelier.application.cancel.CancelGeneration.Result;
import dev.atelier.application.generate.CreateGeneration;
import dev.atelier.application.port.Predictions.LookupResult.Found;
import dev.atelier.application.port.Predictions.Submission;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.application.query.AccessScope;
import dev.atelier.domain.Failure;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Output;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.State;
import dev.atelier.domain.UserId;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class CancelGenerationServiceTest {
  private static final UserId OWNER = new UserId("ada");
  private static final AccessScope EVERYONE = new AccessScope.All();

  @AutoClose private final InMemoryAtelier atelier = new InMemoryAtelier();

  @Test
  void cancelsARunningPredictionAndFreesItsQuota() {
    Generation generation = queued();

    assertThat(cancel(generation).state()).isInstanceOf(State.Canceled.class);

    assertThat(atelier.current(generation).isActive()).isFalse();
    assertThat(atelier.skytells.find(prediction(generation)))
        .isEqualTo(new Found(new Prediction.Canceled(prediction(generation))));
  }

  @Test
  void doesNotChangeAnEndedGeneration() {
    Generation generation = queued();
    Generation canceled = cancel(generation);

    assertThat(cancel(generation)).isEqualTo(canceled);

    Generation other = queued();
    succeed(other);
    Generation succeeded = atelier.current(other);
    assertThat(cancel(other)).isEqualTo(succeeded);
    assertThat(succeeded.state()).isInstanceOf(State.Succeeded.class);
  }

  @Test
  void keepsResultsThatFinishedBeforeTheCancel() {
    Generation generation = queued();
    Output output = atelier.skytells.addOutput(Pictures.PNG);
    atelier.skytells.set(succeeded(generation, output));

    Generation storing = cancel(generation);
    atelier.storeOutputs.start(storing, 0).join();

    assertThat(storing.state()).isInstanceOf(State.Storing.class);
    atelier.assertSucceeded(generation);
  }

  @Test
  void keepsASuccessReceivedWhileCanceling() {
    Generation generation = queued();
    atelier.skytells.breakDown(true);
    assertThat(cancel(generation).state()).isInstanceOf(State.Canceling.class);

    succeed(generation);

    atelier.assertSucceeded(generation);
  }

  @Test
  void doesNotCancelAGenerationThatIsStoring() {
    Generation generation = queued();
    atelier.blobs.breakDown(true);
    atelier.spool.breakDown(true);
    succeed(generation);

    assertThat(cancel(generation).state()).isInstanceOf(State.Storing.class);

    atelier.blobs.breakDown(false);
    atelier.spool.breakDown(false);
    atelier.sweepAfter(Duration.ofSeconds(15));
    atelier.assertSucceeded(generation);
  }

  @Test
  void theSweepRetriesTheCancelAfterAnOutageOfSkytells() {
    Generation generation = queued();
    atelier.skytells.breakDown(true);

    Generation canceling = cancel(generation);
    assertThat(canceling.state())
        .isEqualTo(new State.Canceling(Optional.of(prediction(generation))));
    assertThat(canceling.isActive()).isTrue();
    assertThat(cancel(generation)).isEqualTo(canceling);

    atelier.skytells.breakDown(false);
    atelier.sweepAfter(Duration.ofSeconds(10));
    assertThat(atelier.current(generation).state()).isInstanceOf(State.Canceled.class);
  }

  @Test
  void cancelsAnUnconfirmedSubmissionOnceItIsFound() {
    atelier.skytells.sellNext(_ -> new Submission.Unconfirmed("read timed out"));
    Generation generation = atelier.generate(OWNER);

    assertThat(cancel(generation).state()).isEqualTo(new State.Canceling(Optional.empty()));

    atelier.sweepAfter(Duration.ofSeconds(10));
    assertThat(atelier.current(generation).state())
        .isEqualTo(
            new State.Canceling(Optional.ofNullable(atelier.skytells.sold().get(generation.id()))));
    atelier.sweepAfter(Duration.ofSeconds(10));
    assertThat(atelier.current(generation).state()).isInstanceOf(State.Canceled.class);
  }

  @Test
  void aCancelDuringTheCreateCallTakesEffectAfterIt() {
    atelier.skytells.sellNext(
        prediction -> {
          GenerationId id = GenerationId.parse(prediction.value().substring(5)).orElseThrow();
          assertThat(atelier.cancelGeneration.cancel(command(EVERYONE, id)))
              .isInstanceOf(Result.Found.class);
          return new Submission.Accepted(new Prediction.Queued(prediction));
        });

    Generation generation = atelier.generate(OWNER);

    assertThat(generation.state()).isInstanceOf(State.Canceling.class);
    atelier.sweepAfter(Duration.ofSeconds(10));
    assertThat(atelier.current(generation).state()).isInstanceOf(State.Canceled.class);
  }

  @Test
  void aCanceledGenerationThatSkytellsRejectsFailsWithTheRejection() {
    var refusal = new Failure(Failure.Code.CONTENT_POLICY, "no");
    atelier.skytells.sellNext(
        prediction -> {
          GenerationId id = GenerationId.parse(prediction.value().substring(5)).orElseThrow();
          var _ = atelier.cancelGeneration.cancel(command(EVERYONE, id));
          return new Submission.Refused(refusal, Optional.empty());
        });

    assertThat(atelier.createGeneration.create(CreateGeneration.Command.of(OWNER, "a lighthouse")))
        .isInstanceOfSatisfying(
            CreateGeneration.Result.Refused.class,
            refused -> assertThat(refused.generation().refusal()).contains(refusal));
  }

  @Test
  void anUnknownOrInaccessibleGenerationIsNotFound() {
    Generation generation = queued();
    var unknown = new GenerationId(UUID.randomUUID());
    var grace = new AccessScope.Owner(new UserId("grace"));

    assertThat(atelier.cancelGeneration.cancel(command(EVERYONE, unknown)))
        .isEqualTo(new Result.NotFound());
    assertThat(atelier.cancelGeneration.cancel(command(grace, generation.id())))
        .isEqualTo(new Result.NotFound());
    assertThat(atelier.current(generation)).isEqualTo(generation);
    assertThat(
            atelier.cancelGeneration.cancel(command(new AccessScope.Owner(OWNER), generation.id())))
        .isInstanceOf(Result.Found.class);
  }

  @Test
  void doesNotCallSkytellsWithoutADatabase() {
    Generation generation = queued();
    atelier.generations.breakDown(true);

    assertThatThrownBy(() -> cancel(generation)).isInstanceOf(UnavailableException.class);

    assertThat(atelier.skytells.find(prediction(generation)))
        .isEqualTo(new Found(new Prediction.Queued(prediction(generation))));
  }

  private Generation queued() {
    Generation generation = atelier.generate(OWNER);
    assertThat(generation.state()).isInstanceOf(State.Queued.class);
    return generation;
  }

  private void succeed(Generation generation) {
    Output output = atelier.skytells.addOutput(Pictures.PNG);
    atelier.webhook(generation, succeeded(generation, output));
  }

  private Generation cancel(Generation generation) {
    Result result = atelier.cancelGeneration.cancel(command(EVERYONE, generation.id()));
    assertThat(result).isInstanceOf(Result.Found.class);
    return ((Result.Found) result).generation();
  }

  private static CancelGeneration.Command command(AccessScope accessScope, GenerationId id) {
    return new CancelGeneration.Command(accessScope, id);
  }
}
