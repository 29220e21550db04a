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
   * @param value text that {@link #of} has cleaned, now or under the rules of an earlier version:
   *     stored prompts stay readable when the cleaning becomes stricter
   * @throws InvalidValueException naming {@code prompt}
   */
  public Prompt {
    TextSanitizer.requireStorable(FIELD, value);
    if (TextSanitizer.length(value) < MIN_LENGTH) {
      throw new InvalidValueException(
          FIELD, "must have at least " + MIN_LENGTH + " characters after trimming");
    }
  }

  /**
   * Cleans and checks what a client sent: trimmed; {@code <}, {@code >}, noncharacters and control
   * characters other than newline and tab removed; three or more newlines collapsed to two. What is
   * left must show something.
   *
   * @param maxLength the most characters (code points) the trimmed text may have
   * @throws InvalidValueException naming {@code prompt}
   */
  public static Prompt of(String raw, int maxLength) {
    if (TextSanitizer.length(raw.strip()) > maxLength) {
      throw new InvalidValueException(FIELD, "must have at most " + maxLength + " characters");
    }
    TextSanitizer.requireStorable(FIELD, raw);
    var prompt = new Prompt(TextSanitizer.clean(raw));
    if (!TextSanitizer.isVisible(prompt.value)) {
      throw new InvalidValueException(FIELD, "must have at least one visible character");
    }
    return prompt;
  }

  /** Whether both are the same text under today's cleaning; one may be stored uncleaned. */
  boolean saysTheSameAs(Prompt other) {
    return TextSanitizer.clean(value).equals(TextSanitizer.clean(other.value));
  }

  @Override
  public String toString() {
    return "Prompt[" + TextSanitizer.length(value) + " characters]";
  }
}
