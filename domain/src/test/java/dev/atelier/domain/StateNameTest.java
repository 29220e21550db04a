package dev.atelier.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StateNameTest {
  @ParameterizedTest
  @CsvSource({
    "SUBMITTING, submitting, queued",
    "QUEUED, queued, queued",
    "PROCESSING, processing, processing",
    "CANCELING, canceling, processing",
    "STORING, storing, processing",
    "SUCCEEDED, succeeded, succeeded",
    "FAILED, failed, failed",
    "CANCELED, canceled, canceled"
  })
  void everyStateHasANameAndAStatus(StateName name, String value, String status) {
    assertThat(name.value()).isEqualTo(value);
    assertThat(name.status().value()).isEqualTo(status);
  }

  @Test
  void stateNamesAreUnique() {
    assertThat(
            Stream.of(
                    Generations.submitting(),
                    Generations.queued(),
                    Generations.processing(),
                    Generations.canceling(),
                    Generations.storing(),
                    Generations.succeeded(),
                    Generations.failed(),
                    Generations.canceled())
                .map(generation -> StateName.of(generation.state())))
        .containsExactly(StateName.values());
  }
}
