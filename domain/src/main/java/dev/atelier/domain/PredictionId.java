package dev.atelier.domain;

import java.util.Optional;
import java.util.regex.Pattern;

/** The id of a prediction. Skytells documents both {@code pred_…} and UUIDs. */
public record PredictionId(String value) {
  private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9_-]{1,160}");

  public PredictionId {
    if (!SHAPE.matcher(value).matches()) {
      throw new InvalidValueException(
          "predictionId", "must be 1 to 160 letters, digits, '_' or '-'");
    }
  }

  public static Optional<PredictionId> parse(String text) {
    return SHAPE.matcher(text).matches() ? Optional.of(new PredictionId(text)) : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
