package dev.atelier.skytells.model;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.ExecutionContext;

/**
 * Ends a validation after many errors. Those of the branches of {@code anyOf} and {@code oneOf}
 * count as well, so memory is bounded by branches and values together.
 */
final class BoundedErrors extends ExecutionContext {
  private static final int MAX_ERRORS = 10_000;

  private int count;

  BoundedErrors(ExecutionConfig config) {
    super(config);
  }

  @Override
  public void addError(Error error) {
    if (++count > MAX_ERRORS) {
      throw new IllegalStateException("too many errors");
    }
    super.addError(error);
  }
}
