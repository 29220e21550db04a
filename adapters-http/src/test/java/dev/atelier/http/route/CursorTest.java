package dev.atelier.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.Generations.Position;
import dev.atelier.domain.GenerationId;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
  private static final GenerationId ID =
      new GenerationId(UUID.fromString("fedcba98-7654-7321-8fed-cba987654321"));

  @ParameterizedTest
  @ValueSource(strings = {"1970-01-01T00:00:00Z", "2026-11-20T10:00:06.123456Z"})
  void aPositionKeepsMicroseconds(String time) {
    var position = new Position(Instant.parse(time), ID);

    assertThat(Cursor.read(Cursor.write(position))).contains(position);
  }

  @Test
  void aCursorNeedsNoUrlEncoding() {
    assertThat(Cursor.write(new Position(Instant.parse("2026-11-20T10:00:06.123456Z"), ID)))
        .matches("[A-Za-z0-9_-]{32}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+",
        "_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
      })
  void aMalformedCursorIsEmpty(String text) {
    assertThat(Cursor.read(text)).isEmpty();
  }
}
