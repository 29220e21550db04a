package dev.atelier.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceTest {
  private static final Quantity QUANTITY =
      new Quantity(
          Optional.of(BigDecimal.TWO),
          Optional.of(new BigDecimal("11.5")),
          Optional.of(new BigDecimal("2.097152")));

  @ParameterizedTest
  @CsvSource({
    "image, 0.05, 0.1",
    "Video, 1.5, 3",
    "prediction, 0.1, 0.2",
    "second, 0.1, 1.15",
    "video_second, 0.112, 1.288",
    "audio_second, 0.01, 0.115",
    "5 seconds, 0.5, 1.5",
    "minute, 6, 1.15",
    "image_megapixel, 0.02, 0.041943",
    "image, 100, 200"
  })
  void multipliesByWhatItsUnitMeasures(String unit, BigDecimal amount, BigDecimal cost) {
    assertThat(new Price(amount, "USD", unit).of(QUANTITY)).contains(cost);
  }

  @Test
  void isUnknownForOtherUnitsAndUnknownQuantities() {
    assertThat(new Price(BigDecimal.ONE, "USD", "million_token").of(QUANTITY)).isEmpty();
    assertThat(new Price(BigDecimal.ONE, "USD", "second").of(Quantity.UNKNOWN)).isEmpty();
    assertThat(new Price(BigDecimal.ONE, "USD", "0 seconds").of(QUANTITY)).isEmpty();
  }

  @Test
  void theReportedAmountOutweighsTheReportedQuantity() {
    var price = new Price(new BigDecimal("0.05"), "USD", "image");

    assertThat(new Billed(Optional.of(new BigDecimal("0.03")), QUANTITY).cost(price))
        .contains(new Cost(new BigDecimal("0.03"), "USD", false));
    assertThat(new Billed(Optional.empty(), QUANTITY).cost(price))
        .contains(new Cost(new BigDecimal("0.1"), "USD", false));
    assertThat(Billed.UNKNOWN.cost(price)).isEmpty();
  }
}
