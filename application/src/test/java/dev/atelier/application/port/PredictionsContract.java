package dev.atelier.application.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.Predictions.Cancellation;
import dev.atelier.application.port.Predictions.Deletion;
import dev.atelier.application.port.Predictions.Listing;
import dev.atelier.application.port.Predictions.LookupResult;
import dev.atelier.application.port.Predictions.Submission;
import dev.atelier.application.port.Predictions.Unavailable;
import dev.atelier.domain.Failure;
import dev.atelier.domain.Generation;
import dev.atelier.domain.Generations;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The contract of {@link Predictions}. The hooks script the provider behind it. */
public interface PredictionsContract {
  /** The port under test. */
  Predictions predictions();

  /** The provider accepts the next submission, and its response says that it has succeeded. */
  void succeedInNextCreateResponse();

  /** The provider refuses the content of the next submission. */
  void refuseNextContent();

  /** The provider refuses every submission as busy, with a retry delay of twelve seconds. */
  void beBusy();

  /** The provider accepts the next submission, and its response is lost. */
  void loseNextCreateResponse();

  /** The prediction succeeds with one output. */
  void finish(PredictionId id);

  /** Makes every call fail. */
  void breakDown();

  /** The number of predictions that the provider has accepted. */
  int sold();

  @Test
  default void aSubmissionIsAccepted() {
    assertThat(submit())
        .isInstanceOfSatisfying(
            Submission.Accepted.class,
            accepted -> assertThat(accepted.prediction()).isInstanceOf(Prediction.Queued.class));
    assertThat(sold()).isEqualTo(1);
  }

  @Test
  default void aCreateResponseMayHaveEnded() {
    succeedInNextCreateResponse();

    assertThat(submit())
        .isInstanceOfSatisfying(
            Submission.Accepted.class,
            accepted ->
                assertThat(accepted.prediction())
                    .isInstanceOfSatisfying(
                        Prediction.Succeeded.class,
                        succeeded -> assertThat(succeeded.outputs()).hasSize(1)));
  }

  @Test
  default void refusedContentCreatesNoPrediction() {
    refuseNextContent();

    assertThat(submit())
        .isInstanceOfSatisfying(
            Submission.Refused.class,
            refused -> assertThat(refused.failure().code()).isEqualTo(Failure.Code.CONTENT_POLICY));
    assertThat(sold()).isZero();
  }

  @Test
  default void aBusyProviderStatesARetryDelay() {
    beBusy();

    assertThat(submit())
        .isInstanceOfSatisfying(
            Submission.Refused.class,
            refused -> {
              assertThat(refused.failure().code()).isEqualTo(Failure.Code.PROVIDER_BUSY);
              assertThat(refused.retryAfter()).isEqualTo(Optional.of(Duration.ofSeconds(12)));
            });
    assertThat(sold()).isZero();
  }

  @Test
  default void aLostCreateResponseIsUnconfirmedAndNotRepeated() {
    loseNextCreateResponse();

    assertThat(submit()).isInstanceOf(Submission.Unconfirmed.class);
    assertThat(sold()).isEqualTo(1);
  }

  @Test
  default void findsTheCurrentStateOfAPrediction() {
    PredictionId id = accepted();

    assertThat(predictions().find(id)).isEqualTo(new LookupResult.Found(new Prediction.Queued(id)));

    finish(id);

    assertThat(predictions().find(id))
        .isInstanceOfSatisfying(
            LookupResult.Found.class,
            found ->
                assertThat(found.prediction())
                    .isInstanceOfSatisfying(
                        Prediction.Succeeded.class,
                        succeeded -> assertThat(succeeded.outputs()).hasSize(1)));
  }

  @Test
  default void anUnknownPredictionIsNotFound() {
    assertThat(predictions().find(new PredictionId("pred_never")))
        .isEqualTo(new LookupResult.NotFound());
  }

  @Test
  default void listsASubmissionWhoseResponseWasLost() {
    loseNextCreateResponse();
    Generation submitted = Generations.submitting();
    predictions().submit(submitted.id(), Generations.IMAGE_MODEL, Generations.INPUT);

    assertThat(page(1).entries())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.generation()).contains(submitted.id());
              assertThat(predictions().find(entry.prediction().id()))
                  .isEqualTo(new LookupResult.Found(entry.prediction()));
            });
  }

  @Test
  default void listsFiftyPredictionsPerPage() {
    for (int i = 0; i < 51; i++) {
      accepted();
    }

    assertThat(page(1).entries()).hasSize(50);
    assertThat(page(1).last()).isFalse();
    assertThat(page(2).entries()).hasSize(1).doesNotContainAnyElementsOf(page(1).entries());
    assertThat(page(2).last()).isTrue();
    assertThat(page(3)).isEqualTo(new Listing.Page(List.of(), true));
  }

  @Test
  default void cancelsARunningPrediction() {
    PredictionId id = accepted();

    assertThat(predictions().cancel(id)).isInstanceOf(Cancellation.Accepted.class);

    assertThat(predictions().find(id))
        .isEqualTo(new LookupResult.Found(new Prediction.Canceled(id)));
  }

  @Test
  default void refusesToCancelAnEndedPrediction() {
    PredictionId id = accepted();
    finish(id);

    assertThat(predictions().cancel(id)).isEqualTo(new Cancellation.Refused());
  }

  @Test
  default void aDeletedPredictionIsNotFound() {
    PredictionId id = accepted();
    finish(id);

    assertThat(predictions().delete(id)).isEqualTo(new Deletion.Deleted());

    assertThat(predictions().find(id)).isEqualTo(new LookupResult.NotFound());
    assertThat(predictions().delete(id)).isEqualTo(new Deletion.Refused());
  }

  @Test
  default void everyCallIsUnavailableDuringAnOutage() {
    PredictionId id = accepted();
    breakDown();

    assertThat(predictions().find(id)).isInstanceOf(Unavailable.class);
    assertThat(predictions().list(1)).isInstanceOf(Unavailable.class);
    assertThat(predictions().cancel(id)).isInstanceOf(Unavailable.class);
    assertThat(predictions().delete(id)).isInstanceOf(Unavailable.class);
  }

  private Listing.Page page(int page) {
    return (Listing.Page) predictions().list(page);
  }

  private PredictionId accepted() {
    return ((Submission.Accepted) submit()).prediction().id();
  }

  private Submission submit() {
    Generation submitted = Generations.submitting();
    return predictions().submit(submitted.id(), Generations.IMAGE_MODEL, Generations.INPUT);
  }
}
