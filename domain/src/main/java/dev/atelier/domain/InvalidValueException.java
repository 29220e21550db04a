package dev.atelier.domain;

/**
 * A value that breaks a rule of the domain. The message names the rule, never the value: what a
 * client sent may be a prompt or a secret.
 */
public final class InvalidValueException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String field;

  /**
   * @param field the public name of the field, as clients write it in JSON
   * @param message what the field must look like, as a sentence for the client
   */
  public InvalidValueException(String field, String message) {
    super(message);
    this.field = field;
  }

  /** The public name of the field, as clients write it in JSON. */
  public String field() {
    return field;
  }

  /** What the field must look like, as a sentence for the client. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  static int requireBetween(String field, int value, int min, int max) {
    if (value < min || value > max) {
      throw new InvalidValueException(field, "must be between " + min + " and " + max);
    }
    return value;
  }
}
