package dev.atelier.domain;

/**
 * The description of the wanted result: cleaned text of at least three characters. {@link
 * #toString} hides it, so that it is never logged.
 */
public record Prompt(String value) {
  /** The minimum length after cleaning. */
  public static final int MIN_LENGTH = 3;

  private static final String FIELD = "prompt";

  /**
   * @param value cleaned by {@link #of}, possibly under the rules of an earlier version, so that
   *     stored prompts stay readable when the rules become stricter
   * @throws InvalidValueException for {@code prompt}
   */
  public Prompt {
    TextSanitizer.requireStorable(FIELD, value);
    if (TextSanitizer.length(value) < MIN_LENGTH) {
      throw new InvalidValueException(
          FIELD, "must have at least " + MIN_LENGTH + " characters after trimming");
    }
  }

  /**
   * Cleans and validates a client's text: trims it; removes {@code <}, {@code >}, noncharacters and
   * control characters other than newline and tab; collapses three or more newlines to two.
   * Something visible must remain.
   *
   * @param maxLength maximum number of code points
   * @throws InvalidValueException for {@code prompt}
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

  /** The text after today's cleaning. */
  String cleaned() {
    return TextSanitizer.clean(value);
  }

  @Override
  public String toString() {
    return "Prompt[" + TextSanitizer.length(value) + " characters]";
  }
}
