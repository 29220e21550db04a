package dev.atelier.skytells.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.MutableClock;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  private final MutableClock clock = new MutableClock();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "12                            | 12",
        "0                             | 0",
        "' 3 '                         | 3",
        "999999999                     | 3600",
        "Fri, 20 Nov 2026 10:00:30 GMT | 30",
        "Fri, 20 Nov 2026 09:00:00 GMT | 0",
        "Sun, 20 Nov 2095 10:00:30 GMT | 3600",
      })
  void secondsAndDatesAreParsedAndCapped(String header, long seconds) {
    assertThat(RetryAfter.parse(header, clock)).contains(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "-1", "1.5", "99999999999999999999", "20 Nov 2026"})
  void anythingElseIsIgnored(String header) {
    assertThat(RetryAfter.parse(header, clock)).isEmpty();
  }
}
