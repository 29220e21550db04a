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
    Text.requireStorable(FIELD, value);
    if (Text.length(value) < MIN_LENGTH) {
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
    if (Text.length(raw.strip()) > maxLength) {
      throw new InvalidValueException(FIELD, "must have at most " + maxLength + " characters");
    }
    Text.requireStorable(FIELD, raw);
    var prompt = new Prompt(Text.clean(raw));
    if (!Text.isVisible(prompt.value)) {
      throw new InvalidValueException(FIELD, "must have at least one visible character");
    }
    return prompt;
  }

  /** Whether both are the same text under today's cleaning; one may be stored uncleaned. */
  boolean saysTheSameAs(Prompt other) {
    return Text.clean(value).equals(Text.clean(other.value));
  }

  @Override
  public String toString() {
    return "Prompt[" + Text.length(value) + " characters]";
  }
}
