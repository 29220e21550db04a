package dev.atelier.domain;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The price of one unit of a model's work.
 *
 * @param currency as Skytells writes it, such as {@code USD}
 * @param unit in Skytells' words, such as {@code image}, {@code second} or {@code 5 seconds}
 */
public record Price(BigDecimal amount, String currency, String unit) {
  private static final Pattern SECONDS = Pattern.compile("([1-9][0-9]{0,3}) seconds");
  private static final int DECIMALS = 6;

  /** Removes trailing zeros, so that equal prices are equal. */
  public Price {
    amount = plain(amount);
  }

  /** Empty if the unit measures something else, such as tokens. */
  public Optional<BigDecimal> of(Quantity quantity) {
    return units(quantity).map(units -> rounded(amount.multiply(units)));
  }

  /** Money with at most six decimals and no trailing zeros. */
  static BigDecimal rounded(BigDecimal money) {
    return plain(money.setScale(DECIMALS, RoundingMode.HALF_UP));
  }

  private static BigDecimal plain(BigDecimal money) {
    BigDecimal shortest = money.stripTrailingZeros();
    return shortest.scale() < 0 ? shortest.setScale(0) : shortest;
  }

  private Optional<BigDecimal> units(Quantity quantity) {
    String name = unit.toLowerCase(Locale.ROOT).strip();
    Matcher several = SECONDS.matcher(name);
    if (several.matches()) {
      BigDecimal length = new BigDecimal(several.group(1));
      return quantity.seconds().map(seconds -> seconds.divide(length, 0, RoundingMode.CEILING));
    }
    return switch (name) {
      case "image", "video", "audio", "music", "prediction" -> quantity.outputs();
      case "second", "audio_second", "video_second" -> quantity.seconds();
      case "minute" ->
          quantity
              .seconds()
              .map(seconds -> seconds.divide(BigDecimal.valueOf(60), 10, RoundingMode.HALF_UP));
      case "image_megapixel", "megapixel" -> quantity.megapixels();
      default -> Optional.empty();
    };
  }
}
