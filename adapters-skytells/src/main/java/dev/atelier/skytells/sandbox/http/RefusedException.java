package dev.atelier.skytells.sandbox.http;

/** Ends a request with an error response. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient FullResponse response;

  public RefusedException(FullResponse response) {
    super("refused with " + response.status(), null, false, false);
    this.response = response;
  }

  public static RefusedException invalid(String message) {
    return new RefusedException(FullResponse.error(422, "VALIDATION_ERROR", message));
  }

  public static RefusedException forbidden() {
    return new RefusedException(
        FullResponse.error(451, "CONTENT_POLICY_VIOLATION", "The content policy forbids this."));
  }

  public FullResponse response() {
    return response;
  }
}
