package dev.atelier.domain;

/**
 * Who owns a generation: the {@code sub} of a token, or the name a trusted caller gives. Up to 200
 * characters, none of them a control character.
 */
public record UserId(String value) {
  /** The owner of what a trusted caller asks for without naming a user. */
  public static final UserId ANONYMOUS = new UserId("anonymous");

  private static final int MAX_LENGTH = 200;

  /**
   * @throws InvalidValueException naming {@code userId}
   */
  public UserId {
    if (value.isBlank() || value.length() > MAX_LENGTH) {
      throw new InvalidValueException("userId", "must have 1 to " + MAX_LENGTH + " characters");
    }
    Text.requireStorable("userId", value);
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw new InvalidValueException("userId", "must not contain control characters");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
