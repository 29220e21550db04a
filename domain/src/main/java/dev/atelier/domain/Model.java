package dev.atelier.domain;

import java.util.regex.Pattern;

/**
 * A Skytells model.
 *
 * @param slug its name, such as {@code truefusion-pro}; the format is that of Skytells' validator
 * @param kind what it produces
 */
public record Model(String slug, Kind kind) {
  private static final Pattern SLUG = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  /** What a model produces. */
  public enum Kind {
    /** Images. */
    IMAGE,
    /** Videos. */
    VIDEO,
    /** Music or speech. */
    AUDIO
  }

  public Model {
    if (!SLUG.matcher(slug).matches()) {
      throw new InvalidValueException(
          "model", "must be 1 to 128 letters, digits, '.', '_' or '-', such as truefusion-pro");
    }
  }

  @Override
  public String toString() {
    return slug;
  }
}
