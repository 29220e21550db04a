package dev.atelier.domain;

import java.util.regex.Pattern;

/**
 * The name that a client gives to one wish, so that it may say the wish again without having it
 * granted twice. It counts among the wishes of one owner.
 *
 * @param value 1 to {@value #MAX_LENGTH} printable ASCII characters, which is all that a string in
 *     a header may have (RFC 9651 §3.3.3)
 */
public record IdempotencyKey(String value) {
  /** The most characters of a key. */
  public static final int MAX_LENGTH = 255;

  private static final Pattern SHAPE = Pattern.compile("[ -~]{1," + MAX_LENGTH + "}");

  /**
   * @throws InvalidValueException naming {@code Idempotency-Key}
   */
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
