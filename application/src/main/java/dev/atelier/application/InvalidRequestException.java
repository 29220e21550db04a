package dev.atelier.application;

import java.util.List;
import java.util.stream.Collectors;

/** A request that breaks at least one rule; it tells all of them at once. Nothing was done. */
public final class InvalidRequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<FieldError> errors;

  /**
   * One broken rule.
   *
   * @param field the public name of the field, as clients write it in JSON
   * @param message what the field must look like
   */
  public record FieldError(String field, String message) {}

  /** Collects the broken rules, at least one. */
  public InvalidRequestException(List<FieldError> errors) {
    super(
        errors.stream()
            .map(error -> error.field() + " " + error.message())
            .collect(Collectors.joining("; ")));
    this.errors = List.copyOf(errors);
  }

  /** Every broken rule. */
  public List<FieldError> errors() {
    return errors;
  }
}
