package dev.atelier.domain;

/**
 * A value violates a rule of the domain. The message never contains the value, which may be a
 * prompt or a secret.
 */
public final class InvalidValueException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String field;

  /**
   * @param field the field's name in JSON
   * @param message the rule, shown to the client
   */
  public InvalidValueException(String field, String message) {
    super(message);
    this.field = field;
  }

  public String field() {
    return field;
  }

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
