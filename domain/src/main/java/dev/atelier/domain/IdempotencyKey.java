package dev.atelier.domain;

import java.util.regex.Pattern;

/** The {@code Idempotency-Key} of a request, unique per owner: a string of RFC 9651 §3.3.3. */
public record IdempotencyKey(String value) {
  public static final int MAX_LENGTH = 255;

  private static final Pattern SHAPE = Pattern.compile("[ -~]{1," + MAX_LENGTH + "}");

  public IdempotencyKey {
    if (!SHAPE.matcher(value).matches()) {
      throw new InvalidValueException(
          "Idempotency-Key", "must have 1 to " + MAX_LENGTH + " printable ASCII characters");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
