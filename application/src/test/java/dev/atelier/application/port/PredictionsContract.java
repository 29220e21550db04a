package dev.atelier.application.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.Predictions.Submission;
import dev.atelier.domain.Failure;
import dev.atelier.domain.Generation;
import dev.atelier.domain.Generations;
import dev.atelier.domain.Prediction;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every {@link Predictions} does; the hooks script the Skytells behind it. */
public interface PredictionsContract {
  /** The port under test. */
  Predictions predictions();

  /** Skytells accepts the next submission and has finished it in its reply. */
  void finishNextAtOnce();

  /** Skytells refuses the next submission for its content. */
  void refuseNextContent();

  /** Skytells is busy and wants to be asked again in twelve seconds, however often it is asked. */
  void beBusy();

  /** Skytells accepts the next submission, and its reply is lost. */
  void loseNextReply();

  /** How many predictions Skytells has sold. */
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
  default void aReplyMayBeFinishedAlready() {
    finishNextAtOnce();

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
  default void refusedContentIsSoldToNobody() {
    refuseNextContent();

    assertThat(submit())
        .isInstanceOfSatisfying(
            Submission.Refused.class,
            refused -> assertThat(refused.failure().code()).isEqualTo(Failure.Code.CONTENT_POLICY));
    assertThat(sold()).isZero();
  }

  @Test
  default void aBusySkytellsSaysWhenToAskAgain() {
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
  default void aLostReplyIsUnconfirmedAndNothingIsPaidTwice() {
    loseNextReply();

    assertThat(submit()).isInstanceOf(Submission.Unconfirmed.class);
    assertThat(sold()).isEqualTo(1);
  }

  private Submission submit() {
    Generation begun = Generations.submitting();
    return predictions().submit(begun.id(), begun.request());
  }
}
