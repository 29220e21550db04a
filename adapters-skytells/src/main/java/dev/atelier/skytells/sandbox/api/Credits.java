package dev.atelier.skytells.sandbox.api;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Prices a prediction. */
final class Credits {
  private Credits() {}

  static double of(CreateRequest createRequest) {
    BigDecimal quantity = BigDecimal.valueOf(quantity(createRequest));
    return createRequest.model().price().multiply(quantity, MathContext.DECIMAL64).doubleValue();
  }

  /** In the model's unit. */
  private static double quantity(CreateRequest createRequest) {
    return switch (createRequest.model().pricingUnit().toLowerCase(Locale.ROOT)) {
      case "second", "audio_second", "video_second" -> createRequest.seconds();
      case "5 seconds" -> Math.ceil(createRequest.seconds() / 5);
      case "minute" -> createRequest.seconds() / 60;
      case "image_megapixel" -> createRequest.size().megapixels() * createRequest.outputs();
      case "prediction" -> 1;
      default -> createRequest.outputs();
    };
  }
}
