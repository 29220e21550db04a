package dev.atelier.domain;

/** What the image must not show; may be empty. {@link #toString} hides it. */
public record NegativePrompt(String value) {
  /** The default in Skytells' tutorials. */
  public static final NegativePrompt DEFAULT = new NegativePrompt("blurry, watermark, low quality");

  /** The maximum number of code points. */
  public static final int MAX_LENGTH = 1000;

  private static final String FIELD = "negativePrompt";

  /**
   * @throws InvalidValueException for {@code negativePrompt}
   */
  public NegativePrompt {
    TextSanitizer.requireStorable(FIELD, value);
    if (TextSanitizer.length(value) > MAX_LENGTH) {
      throw new InvalidValueException(FIELD, "must have at most " + MAX_LENGTH + " characters");
    }
  }

  /**
   * Cleans a client's text like {@link Prompt#of}; invisible text becomes empty.
   *
   * @throws InvalidValueException for {@code negativePrompt}
   */
  public static NegativePrompt of(String raw) {
    TextSanitizer.requireStorable(FIELD, raw);
    String text = TextSanitizer.clean(raw);
    return new NegativePrompt(TextSanitizer.isVisible(text) ? text : "");
  }

  @Override
  public String toString() {
    return "NegativePrompt[" + TextSanitizer.length(value) + " characters]";
  }
}
