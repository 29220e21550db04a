package dev.atelier.http.problem;

/** Ends a request with a problem response. */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  public ProblemException(Problem problem) {
    super(problem.code().value(), null, false, false);
    this.problem = problem;
  }

  public ProblemException(ProblemCode code) {
    this(Problem.of(code));
  }

  public static ProblemException notFound() {
    return new ProblemException(ProblemCode.NOT_FOUND);
  }

  Problem problem() {
    return problem;
  }
}
