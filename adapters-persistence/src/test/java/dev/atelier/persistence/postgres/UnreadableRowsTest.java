package dev.atelier.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.MutableClock;
import dev.atelier.application.port.UnreadableGenerationException;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class UnreadableRowsTest {
  private final MutableClock clock = new MutableClock();
  private final List<String> lines = new ArrayList<>();
  private final UnreadableRows rows = new UnreadableRows(clock, lines::add);

  @Test
  void aRowIsLoggedOnceAnHour() {
    UnreadableGenerationException row = row();

    for (int minute = 0; minute < 121; minute++) {
      rows.note(row);
      rows.note(row);
      clock.advance(Duration.ofMinutes(1));
    }

    assertThat(lines)
        .hasSize(3)
        .allSatisfy(
            line -> assertThat(line).contains("generation=" + row.id()).contains("unknown width"));
  }

  @Test
  void everyRowIsLogged() {
    rows.note(row());
    rows.note(row());

    assertThat(lines).hasSize(2);
    assertThat(rows.count()).isEqualTo(2);
  }

  @Test
  void aRowCountsForAnHourAfterItWasRead() {
    UnreadableGenerationException row = row();
    rows.note(row);
    clock.advance(Duration.ofMinutes(59));
    rows.note(row);
    clock.advance(Duration.ofMinutes(59));

    assertThat(rows.count()).isEqualTo(1);
    clock.advance(Duration.ofMinutes(1));
    assertThat(rows.count()).isZero();
  }

  @Test
  void theNumberOfRowsIsBounded() {
    for (int i = 0; i < 10_050; i++) {
      rows.note(row());
    }

    assertThat(rows.count()).isEqualTo(10_000);
  }

  private static UnreadableGenerationException row() {
    return new UnreadableGenerationException(
        new GenerationId(UUID.randomUUID()),
        Optional.of(UserId.ANONYMOUS),
        false,
        new IllegalArgumentException("unknown width"));
  }
}
