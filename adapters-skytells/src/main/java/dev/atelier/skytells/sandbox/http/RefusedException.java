package dev.atelier.skytells.sandbox.http;

/** A request that the sandbox does not take, with the answer it gets. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient FullResponse fullResponse;

  public RefusedException(FullResponse fullResponse) {
    super("refused with " + fullResponse.status(), null, false, false);
    this.fullResponse = fullResponse;
  }

  public static RefusedException invalid(String message) {
    return new RefusedException(FullResponse.error(422, "VALIDATION_ERROR", message));
  }

  public static RefusedException forbidden() {
    return new RefusedException(
        FullResponse.error(451, "CONTENT_POLICY_VIOLATION", "The content policy forbids this."));
  }

  public FullResponse fullResponse() {
    return fullResponse;
  }
}
