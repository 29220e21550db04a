package dev.atelier.application.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.MutableClock;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TimeOrderedIdsTest {
  private final MutableClock clock = new MutableClock();
  private final TimeOrderedIds ids = new TimeOrderedIds(clock, new Random(42));

  @Test
  void anIdIsAVersion7UuidOfItsMillisecond() {
    UUID id = ids.next().value();

    assertThat(id.version()).isEqualTo(7);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(clock.millis());
  }

  @Test
  void aLaterIdSortsAfterAnEarlierOne() {
    String earlier = ids.next().toString();
    clock.advance(Duration.ofMillis(1));

    assertThat(ids.next().toString()).isGreaterThan(earlier);
  }

  @Test
  void twoIdsOfOneMillisecondDiffer() {
    assertThat(ids.next()).isNotEqualTo(ids.next());
  }
}
