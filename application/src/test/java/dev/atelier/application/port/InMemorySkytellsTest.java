package dev.atelier.application.port;

import dev.atelier.application.port.Predictions.Submission;
import dev.atelier.domain.Failure;
import dev.atelier.domain.Generations;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

class InMemorySkytellsTest implements PredictionsContract {
  private final InMemorySkytells skytells = new InMemorySkytells();

  @Override
  public Predictions predictions() {
    return skytells;
  }

  @Override
  public void succeedInNextCreateResponse() {
    skytells.sellNext(
        id ->
            new Submission.Accepted(
                new Prediction.Succeeded(id, List.of(Generations.OUTPUT), Optional.empty())));
  }

  @Override
  public void refuseNextContent() {
    skytells.refuseNext(
        new Submission.Refused(
            new Failure(Failure.Code.CONTENT_POLICY, "policy"), Optional.empty()));
  }

  @Override
  public void beBusy() {
    skytells.refuseNext(
        new Submission.Refused(
            new Failure(Failure.Code.PROVIDER_BUSY, "busy"), Optional.of(Duration.ofSeconds(12))));
  }

  @Override
  public void loseNextCreateResponse() {
    skytells.sellNext(_ -> new Submission.Unconfirmed("read timed out"));
  }

  @Override
  public void finish(PredictionId id) {
    skytells.set(new Prediction.Succeeded(id, List.of(Generations.OUTPUT), Optional.empty()));
  }

  @Override
  public void breakDown() {
    skytells.breakDown(true);
  }

  @Override
  public int sold() {
    return skytells.sold().size();
  }
}
