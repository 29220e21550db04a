package dev.atelier.domain;

/**
 * The owner of a generation: the {@code sub} claim of a token, or the name given by a trusted
 * caller.
 */
public record UserId(String value) {
  /** The owner if a trusted caller names no user. */
  public static final UserId ANONYMOUS = new UserId("anonymous");

  private static final int MAX_LENGTH = 200;

  public UserId {
    if (value.isBlank() || value.length() > MAX_LENGTH) {
      throw new InvalidValueException("userId", "must have 1 to " + MAX_LENGTH + " characters");
    }
    TextSanitizer.requireStorable("userId", value);
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw new InvalidValueException("userId", "must not contain control characters");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
