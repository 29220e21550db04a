package dev.atelier.domain;

import java.util.regex.Pattern;

/**
 * A Skytells model by its bare slug, such as {@code truefusion-pro}, and what it makes.
 *
 * @param slug letters, digits, {@code .}, {@code _}, {@code -}; Skytells' own first-party validator
 *     allows the same
 * @param kind what it makes; decides which options a request may carry
 */
public record Model(String slug, Kind kind) {
  private static final Pattern SLUG = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  /** What a model makes. */
  public enum Kind {
    /** Still pictures. */
    IMAGE,
    /** Moving pictures. */
    VIDEO
  }

  /**
   * @throws InvalidValueException naming {@code model}
   */
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
