package dev.atelier.application.generate;

import java.util.List;
import java.util.stream.Collectors;

/** A request is invalid; nothing was done. It lists all violations at once. */
public final class InvalidRequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<FieldError> errors;

  /**
   * One violation.
   *
   * @param field its name in JSON
   */
  public record FieldError(String field, String message) {}

  /**
   * @param errors at least one violation
   */
  public InvalidRequestException(List<FieldError> errors) {
    super(
        errors.stream()
            .map(error -> error.field() + " " + error.message())
            .collect(Collectors.joining("; ")));
    this.errors = List.copyOf(errors);
  }

  /** With one violation. */
  public InvalidRequestException(String field, String message) {
    this(List.of(new FieldError(field, message)));
  }

  public List<FieldError> errors() {
    return errors;
  }
}
