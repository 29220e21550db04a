package dev.atelier.domain;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Skytells' name for its work. Opaque: {@code pred_…} in some of its documents, a UUID in others,
 * so anything of up to 160 letters, digits, {@code _} and {@code -} is one. It is safe in a path.
 */
public record PredictionId(String value) {
  private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9_-]{1,160}");

  /**
   * @throws InvalidValueException when the value has another shape
   */
  public PredictionId {
    if (!SHAPE.matcher(value).matches()) {
      throw new InvalidValueException(
          "predictionId", "must be 1 to 160 letters, digits, '_' or '-'");
    }
  }

  /**
   * Reads what Skytells sent.
   *
   * @return the id, or empty when the text has another shape
   */
  public static Optional<PredictionId> parse(String text) {
    return SHAPE.matcher(text).matches() ? Optional.of(new PredictionId(text)) : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
