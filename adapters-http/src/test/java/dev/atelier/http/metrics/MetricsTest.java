package dev.atelier.http.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.Generations;
import dev.atelier.application.port.Generations.Insertion;
import dev.atelier.application.port.Generations.Saving;
import dev.atelier.application.port.GenerationsContract;
import dev.atelier.application.port.InMemoryGenerations;
import dev.atelier.domain.Failure;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Observation.SubmissionRefused;
import dev.atelier.http.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The counting decorator passes the contract of the port. */
class MetricsTest implements GenerationsContract {
  private final Metrics metrics = TestServer.metrics();
  private final InMemoryGenerations counted = new InMemoryGenerations();
  private final Generations generations = metrics.counting(counted);

  @Override
  public Generations generations() {
    return generations;
  }

  @Override
  public void makeUnreadable(GenerationId id) {
    counted.makeUnreadable(id);
  }

  @Override
  public void makeReadable(GenerationId id) {
    counted.makeReadable(id);
  }

  @Test
  void everySaveIsCountedOnceWithTheCodeOfAFailure() throws IOException {
    Generation submitting = dev.atelier.domain.Generations.submitting();
    assertThat(generations.insert(submitting, Optional.empty(), 1))
        .isEqualTo(new Insertion.Inserted());
    assertThat(generations.insert(dev.atelier.domain.Generations.submitting(), Optional.empty(), 1))
        .isEqualTo(new Insertion.LimitReached());
    Generation failed =
        submitting
            .observe(new SubmissionRefused(new Failure(Failure.Code.PROVIDER_BUSY, "")), LATER)
            .generation();
    assertThat(generations.save(failed)).isEqualTo(Saving.SAVED);
    assertThat(generations.save(failed)).isEqualTo(Saving.CONFLICT);

    var text = new ByteArrayOutputStream();
    metrics.write(text);

    assertThat(text.toString(StandardCharsets.UTF_8))
        .contains("atelier_generation_saves_total{code=\"\",state=\"submitting\"} 1.0\n")
        .contains("atelier_generation_saves_total{code=\"provider_busy\",state=\"failed\"} 1.0\n");
  }
}
