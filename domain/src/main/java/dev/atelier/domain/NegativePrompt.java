package dev.atelier.domain;

/** What the picture shall not show; may be empty. Like a prompt, it never prints. */
public record NegativePrompt(String value) {
  /** What the seeds ask not to see. */
  public static final NegativePrompt DEFAULT = new NegativePrompt("blurry, watermark, low quality");

  /** The most characters (code points) it has. */
  public static final int MAX_LENGTH = 1000;

  private static final String FIELD = "negativePrompt";

  /**
   * @throws InvalidValueException naming {@code negativePrompt}
   */
  public NegativePrompt {
    TextSanitizer.requireStorable(FIELD, value);
    if (TextSanitizer.length(value) > MAX_LENGTH) {
      throw new InvalidValueException(FIELD, "must have at most " + MAX_LENGTH + " characters");
    }
  }

  /**
   * Cleans what a client sent in the way of {@link Prompt#of}; what shows nothing is empty.
   *
   * @throws InvalidValueException naming {@code negativePrompt}
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
