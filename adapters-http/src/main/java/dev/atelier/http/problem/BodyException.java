package dev.atelier.http.problem;

import java.io.IOException;

/**
 * Ends a request with a problem response, through code that reads its body as a stream and may take
 * any other exception for a failure of its own.
 */
public final class BodyException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  public BodyException(Problem problem) {
    super(problem.code().value());
    this.problem = problem;
  }

  Problem problem() {
    return problem;
  }
}
