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
    Text.requireStorable(FIELD, value);
    if (Text.length(value) > MAX_LENGTH) {
      throw new InvalidValueException(FIELD, "must have at most " + MAX_LENGTH + " characters");
    }
  }

  /**
   * Cleans what a client sent in the way of {@link Prompt#of}; what shows nothing is empty.
   *
   * @throws InvalidValueException naming {@code negativePrompt}
   */
  public static NegativePrompt of(String raw) {
    Text.requireStorable(FIELD, raw);
    String text = Text.clean(raw);
    return new NegativePrompt(Text.isVisible(text) ? text : "");
  }

  @Override
  public String toString() {
    return "NegativePrompt[" + Text.length(value) + " characters]";
  }
}
