package dev.atelier.skytells;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SkytellsJsonTest {
  @Test
  void whatNestsTooDeepIsNone() {
    assertThat(isJson("[".repeat(64) + "]".repeat(64))).isTrue();
    assertThat(isJson("[".repeat(65) + "]".repeat(65))).isFalse();
    assertThat(isJson("{\"a\":".repeat(65) + "1" + "}".repeat(65))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "<html>", "{", "{}{}", "{} x", "{'a':1}", "[1,]", "nothing"})
  void whatIsNotExactlyOneDocumentIsNone(String text) {
    assertThat(isJson(text)).isFalse();
  }

  private static boolean isJson(String text) {
    return SkytellsJson.parse(text.getBytes(StandardCharsets.UTF_8)).isPresent();
  }
}
