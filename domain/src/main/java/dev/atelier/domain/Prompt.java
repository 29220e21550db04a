package dev.atelier.domain;

/**
 * What the picture shall show: cleaned text of at least three characters. It is the client's, so it
 * never prints: {@link #toString()} gives its length only.
 */
public record Prompt(String value) {
  /** The fewest characters a prompt has after cleaning. */
  public static final int MIN_LENGTH = 3;

  private static final String FIELD = "prompt";

  /**
   * @param value text that {@link #of} has cleaned, or that was stored as such
   * @throws InvalidValueException naming {@code prompt}
   */
  public Prompt {
    Text.requireStorable(FIELD, value);
    if (Text.length(value) < MIN_LENGTH) {
      throw new InvalidValueException(
          FIELD, "must have at least " + MIN_LENGTH + " characters after trimming");
    }
  }

  /**
   * Cleans and checks what a client sent: trimmed, {@code <} and {@code >} removed, three or more
   * newlines collapsed to two.
   *
   * @param maxLength the most characters (code points) the trimmed text may have
   * @throws InvalidValueException naming {@code prompt}
   */
  public static Prompt of(String raw, int maxLength) {
    if (Text.length(raw.strip()) > maxLength) {
      throw new InvalidValueException(FIELD, "must have at most " + maxLength + " characters");
    }
    return new Prompt(Text.clean(raw));
  }

  @Override
  public String toString() {
    return "Prompt[" + Text.length(value) + " characters]";
  }
}
