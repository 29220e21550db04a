package dev.atelier.http.header;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreferHeaderTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "wait=1 | 1",
        "wait=60 | 60",
        "wait=61 | 60",
        "wait=999999999 | 60",
        "WAIT = 10 | 10",
        "wait=\"10\" | 10",
        "wait=10; foo=bar | 10",
        "respond-async, wait=10 | 10",
        "respond-async;x=\"a,b\" , wait=10,lenient | 10",
        "wait=10, wait=20 | 10",
        "wait=soon, wait=20 | 20"
      })
  void theFirstValidWaitIsUsedAndLimitedToAMinute(String header, int seconds) {
    assertThat(PreferHeader.waitAtMost(List.of(header))).contains(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "wait",
        "wait=",
        "wait=0",
        "wait=-5",
        "wait=1.5",
        "wait=1 0",
        "wait=\"10",
        "wait=9999999999",
        "wait=١٠",
        "await=10",
        "x=\",wait=10\"",
        "respond-async"
      })
  void invalidPreferencesAreIgnored(String header) {
    assertThat(PreferHeader.waitAtMost(List.of(header))).isEmpty();
  }

  @Test
  void theHeaderMayBeRepeated() {
    assertThat(PreferHeader.waitAtMost(List.of("respond-async", "wait=5")))
        .contains(Duration.ofSeconds(5));
    assertThat(PreferHeader.waitAtMost(List.of())).isEmpty();
  }
}
