package dev.atelier.http.header;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.application.generate.InvalidRequestException;
import dev.atelier.application.generate.InvalidRequestException.FieldError;
import dev.atelier.domain.IdempotencyKey;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeysTest {
  private static final String FULL = "x".repeat(255);

  @Test
  void noHeaderMeansNoKey() {
    assertThat(IdempotencyKeys.read(List.of())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      textBlock =
          """
          "8e03978e-40d5-43dd" | 8e03978e-40d5-43dd
          8e03978e-40d5-43dd   | 8e03978e-40d5-43dd
          "an order, twice"    | an order, twice
          "a \\"b\\" \\\\ c"     | a "b" \\ c
          order/17:a+b==       | order/17:a+b==
          """,
      delimiter = '|')
  void quotedAndBareFormsAreTheSameKey(String header, String key) {
    assertThat(IdempotencyKeys.read(List.of(header))).contains(new IdempotencyKey(key));
  }

  @Test
  void aKeyMayHave255Characters() {
    assertThat(IdempotencyKeys.read(List.of(FULL))).contains(new IdempotencyKey(FULL));
    assertThat(IdempotencyKeys.read(List.of('"' + FULL + '"'))).contains(new IdempotencyKey(FULL));
    assertRefused(List.of(FULL + "x"));
    assertRefused(List.of('"' + FULL + "x\""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "\\\"", "x\\\\"})
  void anOverlongKeyIsRejectedWithTheLengthLimit(String part) {
    String header = '"' + part.repeat(1_000_000) + '"';

    assertThatThrownBy(() -> IdempotencyKeys.read(List.of(header)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("1 to 255");
    assertRefused(List.of(header + '"'));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\"\"",
        "\"open",
        "open\"",
        "\"a\"b",
        "\"a\";p=1",
        "a;p=1",
        "a, b",
        "a,b",
        "\"a\", \"b\"",
        "a b",
        "\"a\\b\"",
        "a\\b",
        "sch\u00f6n",
        "\"sch\u00f6n\"",
        "a\tb",
        "\"a\tb\""
      })
  void aMalformedHeaderIsRejected(String header) {
    assertRefused(List.of(header));
  }

  @Test
  void aRepeatedHeaderIsRejected() {
    assertRefused(List.of("a", "a"));
  }

  private static void assertRefused(List<String> headers) {
    assertThatThrownBy(() -> IdempotencyKeys.read(headers))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e ->
                assertThat(e.errors())
                    .extracting(FieldError::field)
                    .containsExactly("Idempotency-Key"));
  }
}
