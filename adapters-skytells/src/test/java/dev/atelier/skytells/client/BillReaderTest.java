package dev.atelier.skytells.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.domain.Billed;
import dev.atelier.domain.Quantity;
import dev.atelier.skytells.json.SkytellsJson;
import java.math.BigDecimal;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BillReaderTest {
  @Test
  void readsTheCreditsAndTheMetrics() {
    assertThat(
            read(
                """
                {"metadata": {"billing": {"credits_used": 0.0125}},
                 "metrics": {"image_count": 2, "asset_count": 3, "duration": 5.5}}"""))
        .isEqualTo(new Billed(number("0.0125"), quantity(number("2"), number("5.5"))));
    assertThat(read("{\"metrics\": {\"asset_count\": 3}}"))
        .isEqualTo(new Billed(Optional.empty(), quantity(number("3"), Optional.empty())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "\"0.03\"", "-1", "1e999999999", "1e-999999999", "{}"})
  void anythingElseIsUnknown(String value) {
    assertThat(
            read(
                "{\"metadata\": {\"billing\": {\"credits_used\": %1$s}},".formatted(value)
                    + " \"metrics\": {\"image_count\": %1$s}}".formatted(value)))
        .isEqualTo(Billed.UNKNOWN);
    assertThat(read("{\"metadata\": %1$s, \"metrics\": %1$s}".formatted(value)))
        .isEqualTo(Billed.UNKNOWN);
  }

  private static Billed read(String json) {
    return BillReader.read(SkytellsJson.parse(json));
  }

  private static Quantity quantity(Optional<BigDecimal> outputs, Optional<BigDecimal> seconds) {
    return new Quantity(outputs, seconds, Optional.empty());
  }

  private static Optional<BigDecimal> number(String text) {
    return Optional.of(new BigDecimal(text));
  }
}
